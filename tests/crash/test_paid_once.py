"""Killed at any point between the money and the goods, a shop that comes back has lost nothing and doubles nothing."""

import asyncio
import signal
from dataclasses import dataclass

import pytest

from flows.clocks import EXPIRE, REMIND
from gateways.registry import GATEWAYS
from tests.crash.outside import PRICE, Outside
from tests.crash.shop import Shop
from tests.journeys.people import tokens

NOBODY: set[int | None] = {None}
PERHAPS: set[int | None] = {200, None}
GOODS = """SELECT deliveries.channel, outbox.state FROM outbox
           JOIN deliveries ON deliveries.id = json_extract(outbox.payload, '$.delivery')
           WHERE outbox.topic = 'deliver_goods'"""


@dataclass(frozen=True)
class Wreck:
    """How the killed shop must be found, so that it surely died at its point.

    `answers`: what the gateway may have heard; `rows`: channel → states of the job that hands over the goods;
    `chat`, `mail`: how often the key had arrived.
    """

    answers: set[int | None]
    rows: dict[str, set[str]]
    chat: int = 0
    mail: int = 0


UNCLAIMED = {"telegram": {"ready"}, "email": {"ready"}}
WRITTEN = {"telegram": {"ready", "running"}, "email": {"ready", "running"}}

POINTS = {
    "before commit": Wreck(NOBODY, {}),
    "committed but unanswered": Wreck(NOBODY, WRITTEN),
    "answered but unclaimed": Wreck({200}, UNCLAIMED),
    "claimed but unsent, chat": Wreck(PERHAPS, WRITTEN | {"telegram": {"running"}}),
    "claimed but unsent, mail": Wreck(PERHAPS, WRITTEN | {"email": {"running"}}),
    "sent but unmarked, chat": Wreck(PERHAPS, WRITTEN | {"telegram": {"running"}}, chat=1),
    "sent but unmarked, mail": Wreck(PERHAPS, WRITTEN | {"email": {"running"}}, mail=1),
}


@pytest.mark.parametrize("outside", [gateway.name for gateway in GATEWAYS if gateway.bank], indirect=True)
@pytest.mark.parametrize("point", POINTS)
async def test_killed_and_started_again(shop: Shop, outside: Outside, point: str) -> None:
    wreck = POINTS[point]
    await shop.start(point)
    await outside.ask_for_order()
    code = await outside.code()
    await outside.card_is_marked()
    assert await outside.notify(shop.base, code) in wreck.answers
    assert await shop.dies() == -signal.SIGKILL
    found(shop, outside, wreck)

    await shop.start()
    assert await outside.notify(shop.base, code) == 200
    await outside.until(lambda: len(outside.keys_in_chat()) > wreck.chat and len(outside.keys_in_mail()) > wreck.mail)
    assert await shop.close() == 0
    handed_over_once(shop, outside, wreck)
    await booked_once(shop, code)
    nothing_left(shop)


def found(shop: Shop, outside: Outside, wreck: Wreck) -> None:
    rows = dict(shop.rows(GOODS))
    assert rows.keys() == wreck.rows.keys()
    assert all(rows[channel] in states for channel, states in wreck.rows.items())
    assert len(shop.rows("SELECT id FROM transfers")) == (1 if wreck.rows else 0)
    assert (len(outside.keys_in_chat()), len(outside.keys_in_mail())) == (wreck.chat, wreck.mail)


def handed_over_once(shop: Shop, outside: Outside, wreck: Wreck) -> None:
    """The same key in chat and mail, twice only where it was sent before the kill; the log never tells it."""
    chat, mail = outside.keys_in_chat(), outside.keys_in_mail()
    assert len({*chat, *mail}) == 1
    assert (len(chat), len(mail)) == (wreck.chat + 1, wreck.mail + 1)
    assert chat[0] not in shop.log.read_text()
    [card] = outside.cards()
    assert not tokens([card], "paid:"), "the card still asks for money"


async def booked_once(shop: Shop, code: str) -> None:
    order, ledger = await asyncio.gather(shop.told("show", code), shop.told("ledger"))
    assert (order["order"]["payment"], order["order"]["deposited"]) == ("paid", 0)
    assert [grant["state"] for grant in order["grants"]] == ["granted"]
    assert sorted((each["channel"], each["state"]) for each in order["deliveries"]) == [
        ("email", "sent"),
        ("telegram", "sent"),
    ]
    assert [line["meaning"] for line in ledger["lines"]] == ["exact"]
    assert [line["order"] for line in ledger["lines"]] == [code]
    assert [transfer["decision"] for transfer in order["transfers"]] == ["exact"]
    assert ledger["balanced"]
    assert {name: held for name, held in ledger["totals"]["VND"].items() if held} == dict.fromkeys(
        ["received", "revenue"], PRICE
    )


def nothing_left(shop: Shop) -> None:
    """Only the expiry of the order still waits, for its hour; nothing was buried."""
    waiting = shop.rows("SELECT topic, state FROM outbox WHERE state <> 'done'")
    assert set(waiting) == {(EXPIRE, "ready"), (REMIND, "ready")}
    assert set(shop.rows("SELECT state FROM inbox")) == {("done",)}
