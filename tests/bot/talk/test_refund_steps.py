"""The buyer names the account step by step: bank, number, holder; or says it all in one line at any step."""

import pytest

from sales.banks import COMMON, banks_by_use
from sales.refund import Refund
from sales.transfer import Payer
from tests.bot.talk.people import Person, lines, say, tokens
from tests.bot.talk.test_refund import ACCOUNT, TYPED, bought, looked, refunded
from tests.flows.shop import ADMIN

VCB = "970436"
ASKED = ["refund-choose-bank", "refund-or-in-one-line"]


async def asked(person: Person) -> Refund:
    """A refund whose account the buyer is about to name."""
    refund, told = await refunded(person, await bought(person, Payer()))
    assert lines(await person.press(tokens([told])[0]))[-2:] == ASKED
    return refund


async def test_bank_number_and_holder_are_asked_for_one_by_one(person: Person) -> None:
    refund = await asked(person)
    named = await person.press(f"refund-bank:{refund.id}:{VCB}")
    assert lines(named)[-1] == "refund-type-number"
    assert "Vietcombank" in say(named)
    assert "Vietcombank" in say(named, "en")
    assert lines(await person.type(" 0071 000 123 456 ")) == ["refund-type-holder"]
    assert not (await looked(person, refund)).payee, "it counts only as a whole"
    shown = await person.type("nguyễn  văn a")
    assert lines(shown) == ["refund-typed-account"]
    assert ["Vietcombank" in say(shown), ACCOUNT in say(shown), "NGUYỄN VĂN A" in say(shown)] == [True] * 3
    proposed = await looked(person, refund)
    assert (proposed.payee.bin, proposed.payee.account, proposed.payable) == (VCB, ACCOUNT, False)
    await person.press(tokens(shown)[0])
    assert (await looked(person, refund)).payable
    assert await person.step() == ""


async def test_the_list_shows_the_common_banks_first_and_all_of_them_in_the_end(person: Person) -> None:
    refund, told = await refunded(person, await bought(person, Payer()))
    page = await person.press(tokens([told])[0])
    seen: list[str] = []
    for _ in range(20):
        *banks, more = tokens(page)
        seen += [each.rpartition(":")[2] for each in banks]
        assert all(len(each) <= 62 for each in (*banks, more))
        page = await person.press(more)
        if page[-1].choices and tokens(page)[0] == f"refund-bank:{refund.id}:{seen[0]}":
            break
    known = banks_by_use()
    assert [bank.bin for bank in known] == seen
    assert [bank.code for bank in known[: len(COMMON)]] == list(COMMON)
    assert page[-1].replace == "100", "the page is turned in place"


async def test_the_name_of_a_bank_may_be_typed(person: Person) -> None:
    await asked(person)
    assert lines(await person.type("mb bank")) == ["refund-type-number"]
    assert await person.step() == "refund-number"


async def test_a_name_of_several_banks_is_asked_back_with_a_button_for_each(person: Person) -> None:
    refund = await asked(person)
    replies = await person.type("timo")
    assert lines(replies) == ["bank-ambiguous"]
    banks = tokens(replies)
    assert len(banks) > 1
    assert all(each.startswith(f"refund-bank:{refund.id}:") for each in banks)
    assert lines(await person.press(banks[0]))[-1] == "refund-type-number"


@pytest.mark.parametrize("step", ["bank", "number"])
async def test_all_of_it_in_one_line_is_taken_at_the_first_two_steps(person: Person, step: str) -> None:
    refund = await asked(person)
    if step == "number":
        await person.press(f"refund-bank:{refund.id}:970422")
    assert lines(await person.type(TYPED)) == ["refund-typed-account"]
    assert (await looked(person, refund)).payee.bin == VCB


@pytest.mark.parametrize("typed", ["12345", "hello", "1" * 20, "", "12 34 ab", "\ud800\0", "٣٣٣٣٣٣"])
async def test_what_is_no_number_is_asked_for_again(person: Person, typed: str) -> None:
    refund = await asked(person)
    await person.press(f"refund-bank:{refund.id}:{VCB}")
    replies = await person.type(typed)
    assert lines(replies) == ["refund-number-wrong"]
    assert say(replies)
    assert say(replies, "en")
    assert lines(await person.type(f"STK: {ACCOUNT}")) == ["refund-type-holder"]


@pytest.mark.parametrize("typed", ["", "A", "NGUYEN 1", "x" * 61, "\ud800\0", "123456"])
async def test_what_is_no_name_is_asked_for_again(person: Person, typed: str) -> None:
    refund = await asked(person)
    await person.press(f"refund-bank:{refund.id}:{VCB}")
    await person.type(ACCOUNT)
    assert lines(await person.type(typed)) == ["refund-holder-wrong"]
    assert lines(await person.type("NGUYEN VAN A")) == ["refund-typed-account"]
    assert (await looked(person, refund)).payee.account == ACCOUNT


@pytest.mark.parametrize("rest", ["", "x", "{id}", "{id}:", "{id}:000000", "{id}:97043\ud800", "999999:970436"])
async def test_buttons_that_name_no_bank_or_refund_are_dead(person: Person, rest: str) -> None:
    refund = await asked(person)
    token = f"refund-bank:{rest.replace('{id}', str(refund.id))}"
    assert lines(await person.press(token)) == ["toast-dead-button", "dead-button"]


@pytest.mark.parametrize("page", ["", "x", "-1", "٣", "9999", "1" * 40])
async def test_pages_that_do_not_exist_are_dead(person: Person, page: str) -> None:
    refund = await asked(person)
    assert lines(await person.press(f"refund-banks:{refund.id}:{page}")) == ["toast-dead-button", "dead-button"]


async def test_a_page_beyond_the_last_is_the_first(person: Person) -> None:
    refund = await asked(person)
    replies = await person.press(f"refund-banks:{refund.id}:99")
    assert tokens(replies)[0] == f"refund-bank:{refund.id}:{banks_by_use()[0].bin}"


async def test_a_stranger_finds_no_list(person: Person) -> None:
    refund = await asked(person)
    stranger = Person(person.shop, "77")
    for token in (f"refund-bank:{refund.id}:{VCB}", f"refund-banks:{refund.id}:1"):
        assert lines(await stranger.press(token)) == ["toast-dead-button", "dead-button"]
        assert lines(await Person(person.shop, ADMIN.external).press(token)) == ["toast-dead-button", "dead-button"]


async def test_once_it_is_confirmed_no_step_goes_on(person: Person) -> None:
    refund = await asked(person)
    await person.press(f"refund-bank:{refund.id}:{VCB}")
    admin = Person(person.shop, ADMIN.external)
    await admin.press(f"refund-type:{refund.id}")
    await admin.type("mb 999988887777 TRAN THI B")
    for token in (f"refund-bank:{refund.id}:{VCB}", f"refund-banks:{refund.id}:1"):
        assert lines(await person.press(token))[-1] == "refund-account-fixed"
    assert lines(await person.type(TYPED))[-1] in ("refund-account-fixed", "not-understood")
    assert (await looked(person, refund)).payee.account == "999988887777"


@pytest.mark.parametrize("step", ["number", "holder"])
async def test_words_typed_after_it_was_sent_are_just_words(person: Person, step: str) -> None:
    refund = await asked(person)
    await person.press(f"refund-bank:{refund.id}:{VCB}")
    if step == "holder":
        await person.type(ACCOUNT)
    admin = Person(person.shop, ADMIN.external)
    await admin.press(f"refund-type:{refund.id}")
    await admin.type("mb 999988887777 TRAN THI B")
    await admin.press(f"refund-sent:{(await looked(person, refund)).mark}")
    assert lines(await person.type("NGUYEN VAN A")) == ["not-understood"]
