"""One claim in front of an admin: what stands there, what each button does, and who may press."""

import pytest

from flows.claim_money import make_claim
from sales.claim import Claim
from sales.money import Money
from sales.purchase import Order
from sales.transfer import Payer
from storage import buyers, claims
from storage.schema.money import reviews
from tests.bot.talk.people import Person, lines, say, tokens
from tests.flows.shop import ADMIN, PRICE

PAYER = Payer("NGUYEN VAN A", "1028000814", "VCB")


@pytest.fixture
def admin(person: Person) -> Person:
    return Person(person.shop, ADMIN.external)


async def claimed(person: Person, order: Order | None, tail: str = "0814") -> Claim:
    shop = person.shop
    peer = await shop.store.read(lambda unit: buyers.peer_at(unit, shop.premises.shop.id, "telegram", person.chat))
    assert peer is not None
    return await shop.store.write(
        lambda unit: make_claim(unit, shop.premises, peer, order, Money(PRICE), unit.now, tail)
    )


async def state(person: Person, claim: Claim) -> str:
    found = await person.shop.store.read(lambda unit: claims.by_id(unit, person.shop.premises.shop.id, claim.id))
    assert found is not None
    return found.state


async def test_an_admin_sees_what_fits_and_accepts_it(person: Person, admin: Person) -> None:
    order = await person.buy()
    claim = await claimed(person, order)
    page = await admin.press(f"claim-look:{claim.id}")
    assert lines(page)[-5:] == [
        "claim-page",
        "claim-page-order",
        "claim-page-tail",
        "admin-buyer",
        "claim-fits-nothing",
    ]
    assert tokens(page) == [f"claim-no:{claim.id}", "reviews:0"]
    await person.shop.settle(person.shop.sighting("nothing", payer=PAYER), person.shop.sighting("nothing", PRICE + 1))
    page = await admin.press(f"claim-look:{claim.id}")
    assert "claim-fits-nothing" not in lines(page)
    assert "NGUYEN VAN A …0814 VCB" in say(page)
    assert PAYER.account not in say(page)
    assert "0814" in say(page, "en")
    yes, no, _ = tokens(page)
    assert (yes.rpartition(":")[0], no) == (f"claim-yes:{claim.id}", f"claim-no:{claim.id}")
    assert lines(await admin.press(yes))[-1] == "claim-accepted-admin"
    assert await state(person, claim) == "accepted"
    assert (await person.shop.story(order))["order"]["payment"] == "paid"
    assert lines(await admin.press(yes))[-1] == "claim-decided"
    over = await admin.press(f"claim-look:{claim.id}")
    assert (lines(over)[-1], tokens(over)) == ("claim-is-accepted", ["reviews:0"])


async def test_a_claim_is_refused_for_a_typed_reason(person: Person, admin: Person) -> None:
    claim = await claimed(person, await person.buy())
    asked = await admin.press(f"claim-no:{claim.id}")
    assert (lines(asked)[-1], tokens(asked)) == ("claim-why", [f"claim-none:{claim.id}"])
    assert lines(await admin.type("paid\nelsewhere")) == ["claim-refused-admin"]
    (told,) = [row for row in await person.shop.jobs("reply") if row.dedupe == f"claim:{claim.id}:decided"]
    assert "paid elsewhere" not in str(told.payload), "why would tell what money there is"
    (review,) = await person.shop.rows(reviews)
    assert (review.outcome, review.reason) == ("refused", "paid elsewhere")
    assert lines(await admin.press(f"claim-no:{claim.id}"))[-1] == "claim-is-refused"


async def test_a_claim_is_refused_for_nothing_was_found(person: Person, admin: Person) -> None:
    await person.buy()
    claim = await claimed(person, None, tail="")
    page = await admin.press(f"claim-look:{claim.id}")
    assert not {"claim-page-order", "claim-page-tail"} & set(lines(page))
    assert lines(await admin.press(f"claim-none:{claim.id}"))[-1] == "claim-refused-admin"
    assert lines(await admin.press(f"claim-none:{claim.id}"))[-1] == "claim-decided"
    assert await state(person, claim) == "refused"


@pytest.mark.parametrize("verb", ["claim-look", "claim-yes", "claim-no", "claim-none"])
async def test_a_token_that_names_no_claim_is_dead(admin: Person, verb: str) -> None:
    for rest in ("", "x", "7", "7:x", "7:1", "9" * 40, "٣", "\ud800\0"):
        assert lines(await admin.press(f"{verb}:{rest}")) == ["toast-dead-button", "dead-button"]


async def test_buyers_cannot_decide_of_claims(person: Person) -> None:
    claim = await claimed(person, await person.buy())
    for verb in ("claim-look", "claim-yes", "claim-no", "claim-none"):
        for rest in (f"{claim.id}", f"{claim.id}:1"):
            assert lines(await person.press(f"{verb}:{rest}")) == ["toast-dead-button", "dead-button"]
    assert await state(person, claim) == "open"
