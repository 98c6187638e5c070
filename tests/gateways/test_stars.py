"""Stars: what an invoice carries unseen, what a payment says, and a gateway that nothing opens or closes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateways.gateway import Answer, Invitation, Invoice, Request, Verdict
from gateways.stars import STARS
from gateways.stars_payload import LIMIT, Payload, read_payload, write_payload
from gateways.stars_payment import Charge, given_back, paid
from sales.codes import ALPHABET
from sales.errors import Forged
from sales.money import Money
from sales.transfer import Payer, Sighting, Standing

NOW = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
CHARGE = Charge("stxA1", 100, "XTR", "KX2345678:12", "42", "NGUYEN VAN A", NOW)


@given(st.text(ALPHABET, min_size=7, max_size=7), st.integers(1, 10**18 - 1))
def test_a_payload_is_read_back_and_fits(code: str, number: int) -> None:
    text = write_payload(f"KX{code}", number)
    assert read_payload(text) == Payload(f"KX{code}", number)
    assert 1 <= len(text.encode()) <= LIMIT


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        "KX2345678",
        "KX2345678:",
        ":12",
        "KX2345678:0",
        "KX2345678:012",
        "KX2345678:-1",
        "KX2345678:+1",
        "KX2345678: 12",
        "KX2345678:12\n",
        " KX2345678:12",
        "kx2345678:12",
        "KX2345678:12:13",
        "KX2345678:１２",
        "KX２345678:12",
        "KX2345678:1" + "0" * 18,
        "K" * 200 + ":1",
    ],
)
def test_no_other_spelling_is_read(text: str) -> None:
    assert read_payload(text) is None


@pytest.mark.parametrize(("code", "number"), [("", 1), ("kx2345678", 1), ("KX2345678", 0), ("K:X", 1), ("K" * 120, 1)])
def test_what_could_not_be_read_back_is_not_written(code: str, number: int) -> None:
    with pytest.raises(ValueError, match="payload"):
        write_payload(code, number)


def test_a_payment_says_who_paid_how_much_for_which_attempt() -> None:
    assert paid(CHARGE) == Sighting(
        source="stars",
        ref="stxA1",
        amount=100,
        currency="XTR",
        account="telegram",
        memo="KX2345678:12",
        booked_at=NOW,
        payer=Payer("NGUYEN VAN A", "42"),
        number=12,
    )


def test_what_went_back_names_the_payment_and_is_negative() -> None:
    told = given_back(CHARGE)
    assert (told.standing, told.reverses, told.amount, told.number) == (Standing.REVERSED, "stxA1", -100, 12)
    assert told.ref != paid(CHARGE).ref


def test_a_payload_that_is_not_ours_loses_no_money() -> None:
    strange = Charge("stxA2", 5, "USD", "somebody else's \0", "42", "", None)
    assert (paid(strange).number, paid(strange).amount, paid(strange).currency) == (0, 5, "USD")
    assert given_back(strange).number == 0
    assert paid(strange).memo == "somebody else's ", "half an emoji or a zero character fits into no database"


def test_the_chat_shows_the_invoice_itself() -> None:
    assert STARS.open_invoice is not None
    invoice = Invoice(12, "KX2345678", Money(100, "XTR"), NOW, NOW)
    assert STARS.open_invoice({}, invoice) == Invitation(memo="KX2345678")


def test_it_is_open_without_a_secret_and_has_no_door() -> None:
    assert STARS.opened_by({})
    assert (STARS.names, STARS.method, STARS.currencies) == ((), None, ("XTR",))
    assert STARS.channels == {"telegram"}
    with pytest.raises(Forged):
        STARS.read({}, Request(b"{}"), NOW)
    with pytest.raises(LookupError):
        STARS.forge({}, paid(CHARGE), NOW)
    assert all(STARS.acknowledge(verdict) == Answer(404) for verdict in Verdict)
