"""What those who run the shop may ask for, and what everybody else learns of it: nothing."""

from datetime import timedelta
from typing import Any

import pytest

from bot.talk.answer import COMMANDS, PRESSES
from flows.invite_admins import LIFETIME, invite_admin, new_token
from flows.messages import Reply, pack
from flows.offer_menu import ADMIN_COMMANDS
from storage import admins
from storage.schema.work import events
from tests.bot.talk.people import Person, lines, say
from tests.clock import FrozenClock
from tests.flows.shop import ADMIN, Shop


@pytest.fixture
def admin(shop: Shop) -> Person:
    return Person(shop, ADMIN.external)


async def invite(shop: Shop) -> str:
    token = new_token()
    await shop.store.write(lambda unit: invite_admin(unit, shop.premises, token))
    return f"/start admin_{token}"


async def pages(shop: Shop) -> list[Any]:
    """What the admin is shown when the jobs are done."""
    await shop.work()
    return [each for each in shop.mouths["telegram"].shown if each.to == ADMIN.external and each.lines]


async def test_a_stranger_who_tries_gets_what_any_unknown_word_gets(person: Person) -> None:
    order = await person.buy()
    unknown = await person.type("/qwerty")
    for words in ("/stats", "/stats 7d", "/order", f"/order {order.code}", f"/refund {order.code} 1000", "/REFUND x"):
        assert packed(await person.type(words)) == packed(unknown)
    assert lines(unknown) == ["not-understood"]
    assert await admin_events(person.shop) == []


async def test_a_forwarded_button_is_dead_for_a_stranger(person: Person) -> None:
    await person.type("/start")
    dead = packed(await person.press("gone:1"))
    for token in [name for name in PRESSES if name == "stats" or name.startswith("refund")]:
        if token not in ("refund-mine", "refund-other"):  # the buyer's own
            assert packed(await person.press(f"{token}:today")) == dead
    assert await admin_events(person.shop) == []


async def test_a_stranger_s_question_stays_asked(person: Person) -> None:
    offer = await person.shop.offer()
    await person.press(f"buy:{offer.plan}")
    await person.type("/stats")
    assert await person.step() == "email"


@pytest.mark.parametrize(("typed", "span"), [("", "today"), (" 7d", "7d"), (" 30D ", "30d"), ("\nall", "all")])
async def test_the_figures_of_a_span(admin: Person, typed: str, span: str) -> None:
    assert await admin.type(f"/stats{typed}") == []
    (page,) = await pages(admin.shop)
    assert page.lines[0] == f"stats-title-{span}"
    assert page.reply.replace is None


async def test_a_button_switches_the_span_in_place(admin: Person) -> None:
    await admin.type("/stats")
    await pages(admin.shop)
    (answered,) = await admin.press("stats:30d")
    assert answered.toast == "press"
    page = (await pages(admin.shop))[-1]
    assert (page.lines[0], page.reply.replace) == ("stats-title-30d", "100")
    assert lines(await admin.press("stats:century")) == ["toast-dead-button", "dead-button"]


async def test_a_span_nobody_knows_is_explained(admin: Person) -> None:
    assert lines(await admin.type("/stats yesterday")) == ["stats-how"]


async def test_the_story_of_anybody_s_order(admin: Person, person: Person) -> None:
    order = await person.buy("an@example.com")
    told = await admin.type(f"/order {order.code}")
    assert lines(told)[0] == "story-order"
    assert "an@example.com" in say(told) + say(told, "en")
    assert await admin_events(admin.shop) == [("admin.order", f"admin:telegram:{ADMIN.external}")]


async def test_without_a_code_it_is_said_how(admin: Person) -> None:
    assert lines(await admin.type("/order")) == ["order-how"]
    for code in ("KX2222222", "nonsense", "\0", "\ud800", "<b>"):
        told = await admin.type(f"/order {code}")
        assert lines(told) == ["order-not-found"]
        assert say(told, "en") == "There is no order of that code."


async def test_a_look_for_an_order_that_is_not_there_is_in_the_log(admin: Person) -> None:
    for code in ("kx2222222", "\0<b>\ud800", "9" * 4000):
        await admin.type(f"/order {code}")
    looked = [row for row in await admin.shop.rows(events) if row.kind == "admin.order"]
    assert {(row.actor, row.order_id) for row in looked} == {(f"admin:telegram:{ADMIN.external}", None)}
    assert [row.detail["unknown"] for row in looked] == ["KX2222222", "<B>", "9" * 20]


async def test_help_names_the_commands_of_admins_to_admins_only(admin: Person, person: Person) -> None:
    assert lines(await admin.type("/help")) == ["help-page", "admin-help"]
    assert lines(await admin.press("help")) == ["help-page", "admin-help"]
    assert lines(await person.type("/help")) == ["help-page"]
    assert lines(await person.press("help")) == ["help-page"]
    words = say(await admin.type("/help"))
    assert [f"/{name}" in words for name in ADMIN_COMMANDS] == [True] * len(ADMIN_COMMANDS)
    assert set(ADMIN_COMMANDS) <= set(COMMANDS)


async def test_an_admin_s_chat_has_the_menu_of_admins_and_nobody_else_s_has(admin: Person, person: Person) -> None:
    await admin.type("/start")
    await person.type("/start")
    await person.type("/help")
    await admin.shop.work()
    menus = admin.shop.mouths["telegram"].menus
    assert list(menus) == [ADMIN.external]
    assert set(ADMIN_COMMANDS) < set(menus[ADMIN.external])


async def test_an_invitation_makes_an_admin_of_who_brings_it_first(person: Person) -> None:
    link = await invite(person.shop)
    welcomed = await person.type(link)
    assert lines(welcomed) == ["admin-welcome", "admin-help"]
    assert "Tiệm Mẫu" in say(welcomed)
    await person.shop.work()
    assert set(ADMIN_COMMANDS) < set(person.shop.mouths["telegram"].menus["42"])
    assert lines(await person.type("/stats yesterday")) == ["stats-how"]
    assert lines(await Person(person.shop, "43").type(link)) == ["welcome", "choose-plan"]
    assert lines(await Person(person.shop, "43").type("/stats")) == ["not-understood"]


async def test_any_other_payload_is_a_plain_start(person: Person, clock: FrozenClock) -> None:
    late = await invite(person.shop)
    clock.move(LIFETIME + timedelta(milliseconds=1))
    plain = packed(await person.type("/start"))
    for payload in (
        late.partition(" ")[2],
        "admin_",
        "admin_x",
        "SALE",
        f"admin_{'x' * 4000}",
        "admin_\0",
        "admin_\ud800",
    ):
        assert packed(await person.type(f"/start {payload}")) == plain
    assert await person.shop.store.read(lambda unit: admins.joined(unit, person.shop.premises.shop.id)) == []


async def test_what_admins_do_is_in_the_log(admin: Person, person: Person) -> None:
    order = await person.buy()
    await admin.type("/stats all")
    await admin.press("stats:7d")
    await admin.type(f"/order {order.code}")
    assert [kind for kind, _ in await admin_events(admin.shop)] == ["admin.stats", "admin.stats", "admin.order"]


def packed(replies: list[Reply]) -> list[Any]:
    return [pack(reply) for reply in replies]


async def admin_events(shop: Shop) -> list[tuple[str, str]]:
    return [(row.kind, row.actor) for row in await shop.rows(events) if row.kind.startswith("admin.")]
