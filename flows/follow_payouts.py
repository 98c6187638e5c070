"""Follow what gateways give back to its end: each is asked about when it is due, and what it says is heard."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import structlog

from flows.hear_given import hear_given, look_later
from flows.premises import Premises
from flows.ways_out import giving_of
from gateways.giving import Given, Giver
from sales.errors import Later, Rejected
from sales.refund import Means, Refund
from storage import givings, refunds
from storage.store import Store
from storage.unit import Unit

AT_ONCE = 10
"""Refunds that are asked about at a time."""
AGAIN = timedelta(minutes=5)
"""How soon one is asked about again whose gateway was in trouble; longer than any call takes."""

log = structlog.get_logger(__name__)


async def follow_payouts(store: Store, premises: Premises, givers: Mapping[Means, Giver]) -> int:
    """Ask about all that are due; answers how many those were.

    When each is due is a row, so a shop that was closed for a day goes on where it was.
    """
    shop = premises.shop.id
    due = await store.read(lambda unit: refunds.to_look_at(unit, shop, AT_ONCE))
    await asyncio.gather(*(_follow(store, premises, givers.get(each.means), each) for each in due))
    return len(due)


async def _follow(store: Store, premises: Premises, giver: Giver | None, refund: Refund) -> None:
    shop = premises.shop.id
    if not await store.write(lambda unit: givings.claim(unit, shop, refund.id, unit.now + AGAIN)) or giver is None:
        return
    giving = await store.read(lambda unit: giving_of(unit, shop, refund))
    try:
        given = await giver.ask(giving, refund.request_ref)
    except (Later, Rejected) as trouble:
        await _bear(store, premises, refund, trouble)
        return
    await store.write(lambda unit: _hear(unit, premises, refund, given, giver))
    log.info("payout.looked_at", refund=refund.id, stage=given.stage.value if given else "unknown")


def _hear(unit: Unit, premises: Premises, refund: Refund, given: Given | None, giver: Giver) -> None:
    """What is not known yet may be known later."""
    if given is None:
        look_later(unit, premises, refund, "", giver.pace)
    else:
        hear_given(unit, premises, refund.id, refund.request_key, given, giver.pace)


async def _bear(store: Store, premises: Premises, refund: Refund, trouble: Later | Rejected) -> None:
    """Leave it for a while, or for as long as the gateway says."""
    log.warning("payout.look_failed", refund=refund.id, reason=str(trouble))
    wait = timedelta(seconds=(trouble.seconds or 0) if isinstance(trouble, Later) else 0)
    if wait > AGAIN:
        await store.write(lambda unit: refunds.look_again(unit, premises.shop.id, refund.id, unit.now + wait))
