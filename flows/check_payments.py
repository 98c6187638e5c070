"""The second look: ask the gateways for money that they may not have told of.

What they answer is settled like any notice, under the names their notices use: whichever comes later changes nothing.
When each payment is asked for next is a row, so a shop that was closed for an hour asks for all of them at once.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import structlog

from flows.messages import Say
from flows.notice import Notice, pack_sighting
from flows.premises import Premises
from flows.send_reply import admin_jobs
from flows.till import Till
from gateways.gateway import Asking
from sales.errors import CutShort, Later, Rejected, StoreBusy
from sales.pace import Pace, next_after
from sales.purchase import Order
from sales.transfer import Sighting
from storage import looks, queue, work
from storage.looks import Due
from storage.store import Store
from storage.unit import Unit

LONGEST = 90.0
"""Seconds one look may take with all its calls; each of them ends after ten."""

LEASE = timedelta(minutes=3)
"""Longer than that; after it, another process may ask."""

REFUSED = timedelta(minutes=10)
"""How long a gateway that refuses our keys is left alone."""

AGAIN = timedelta(minutes=1)
"""How soon at the latest a payment is asked for again whose gateway was in trouble, and at the earliest one whose buyer
was shown another way since."""

HASTE = timedelta(seconds=15)
"""How often the buyer's "I have paid" may have a payment asked for out of turn."""

_JITTER = Random()  # noqa: S311 - spreads retries, hides nothing

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Asker:
    """A gateway that can be asked; `about` names the gateways whose payments it knows of."""

    gateway: str
    about: tuple[str, ...]
    asking: Asking


@dataclass(frozen=True, slots=True)
class _Answers:
    """The numbers of which any of those who were asked has told, and of which all of them have."""

    any: frozenset[int]
    all: frozenset[int]


async def check_payments(store: Store, premises: Premises, till: Till, askers: Sequence[Asker]) -> int:
    """Ask for the payments that are due; answers of how many was told.

    `askers` know of the same payments, as two watchers of one account do: all that do not rest are asked at once, and
    one answer is enough until a payment's next turn. Whatever goes wrong outside is kept beside the gateway, and tried
    again later, the payments that were not asked for then before the others; no order is touched by it.
    """
    shop, most = premises.shop.id, min(each.asking.most for each in askers)
    due = await store.read(lambda unit: looks.due(unit, shop, askers[0].about, most))
    if not due:
        return 0
    told = await asyncio.gather(*(_ask(store, premises, till, each, due) for each in askers))
    heard = [numbers for numbers in told if numbers is not None]
    if not heard:
        return 0
    pace = askers[0].asking.pace
    heard_by_all = frozenset.intersection(*heard) if len(heard) == len(askers) else frozenset[int]()
    answers = _Answers(frozenset[int]().union(*heard), heard_by_all)
    await store.write(lambda unit: _plan(unit, premises, pace, due, answers))
    return len(answers.any)


async def _ask(store: Store, premises: Premises, till: Till, asker: Asker, due: Sequence[Due]) -> frozenset[int] | None:
    """Ask one gateway and settle what it tells; answers the numbers of which it has told all, None while it rests."""
    shop, name = premises.shop.id, asker.gateway
    if await store.read(lambda unit: looks.rests(unit, shop, name)):
        return None
    if not await store.write(lambda unit: looks.claim(unit, shop, name, unit.now + LEASE)):
        return None
    try:
        found = await _hear(asker, due)
        await _settle(till, name, found)
    except CutShort as cut:
        await _settle(till, name, cut.found)
        await _bear(store, premises, asker, cut.trouble)
        return cut.answered
    except Exception as error:
        await _bear(store, premises, asker, error)
        return frozenset()
    await store.write(lambda unit: looks.note_answer(unit, shop, name, unit.now + asker.asking.gap))
    log.info("look.answered", gateway=name, asked=len(due), found=len(found))
    return frozenset(each.question.number for each in due)


async def _hear(asker: Asker, due: Sequence[Due]) -> tuple[Sighting, ...]:
    """What a gateway tells in time."""
    try:
        async with asyncio.timeout(LONGEST):
            return await asker.asking.ask([each.question for each in due])
    except TimeoutError:
        raise Later("no answer in time") from None


async def _settle(till: Till, gateway: str, found: Sequence[Sighting]) -> None:
    if found:
        await till.settle(_notice(gateway, found))


def check_now(unit: Unit, premises: Premises, order: Order) -> bool:
    """Have an order's payments asked for at once; False when that has just happened, or is about to."""
    return looks.ask_now(unit, premises.shop.id, order.id, HASTE) > 0


def _notice(gateway: str, found: Sequence[Sighting]) -> Notice:
    body = json.dumps([pack_sighting(each) for each in found], ensure_ascii=False, sort_keys=True)
    return Notice(gateway, body, tuple(found))


def _plan(unit: Unit, premises: Premises, pace: Pace, due: Sequence[Due], answers: _Answers) -> None:
    looks.plan(unit, premises.shop.id, {each.question.attempt: _next(pace, each, answers, unit.now) for each in due})


def _next(pace: Pace, due: Due, answers: _Answers, now: datetime) -> datetime | None:
    """When a payment is asked for next; one whose gateway was in trouble soon, but after those who wait already."""
    wait, number = next_after(pace, now - due.question.made_at), due.question.number
    if number not in answers.any or (due.over and number not in answers.all):
        return now + min(wait or AGAIN, AGAIN)
    if due.over or wait is None:
        return None
    return now + (max(wait, AGAIN) if due.left else wait)


async def _bear(store: Store, premises: Premises, asker: Asker, error: Exception) -> None:
    """Leave the gateway alone for a while: as long as it says, or longer with each failure."""
    reason = str(error) if isinstance(error, Later | Rejected) else type(error).__name__
    if isinstance(error, StoreBusy | Later | Rejected):
        log.warning("look.failed", gateway=asker.gateway, reason=reason)
    else:
        log.error("look.broken", gateway=asker.gateway, exc_info=error)
    await store.write(lambda unit: _note_trouble(unit, premises, asker, error, reason))


def _note_trouble(unit: Unit, premises: Premises, asker: Asker, error: Exception, reason: str) -> None:
    shop, name = premises.shop.id, asker.gateway
    failures = next((each.failures for each in looks.rows(unit, shop) if each.gateway == name), 0)
    wait = max(queue.backoff(failures + 1, _JITTER), asker.asking.gap)
    if isinstance(error, Rejected):
        wait = REFUSED
        values = {"gateway": name, "reason": reason}
        day = unit.now.date().isoformat()
        work.enqueue(unit, shop, admin_jobs(unit, premises, [Say("admin-look-refused", values)], f"look:{name}:{day}"))
    elif isinstance(error, Later):
        wait = max(wait, timedelta(seconds=error.seconds or 0))
    looks.note_failure(unit, shop, name, unit.now + wait, reason)
