"""Carry out jobs of the outbox: which flow does which topic, and what happens when it cannot."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random

import structlog

from flows import (
    ask_for_rest,
    clocks,
    close_link,
    deliver_goods,
    end_watch,
    expire_orders,
    links,
    offer_menu,
    open_link,
    pay_out,
    refund_stars,
    remind_order,
    replay_notice,
    send_reply,
    show_card,
    show_stats,
)
from flows.marker import Marker
from flows.office import After, Office
from flows.task import Task
from sales.errors import Blocked, GiveUp, Later, NotConfigured
from storage import buyers, queue
from storage.unit import Unit
from storage.work import OUTBOX

MOST_ATTEMPTS = 600
"""With backoff up to ten minutes: about three days of trying, as mail servers do, before a job is buried."""

WAIT_FOR_SELLER = timedelta(minutes=10)

_JITTER = Random()  # noqa: S311 - spreads retries, hides nothing

MOST_BUGS = 10
"""A bug does not mend itself: a job that keeps failing by one is buried soon, before it holds up its lane for days."""

log = structlog.get_logger(__name__)

Handler = Callable[[Office, Task], Awaitable[After]]

HANDLERS: dict[str, Handler] = {
    send_reply.TOPIC: send_reply.send_reply,
    show_card.TOPIC: show_card.turn_card,
    ask_for_rest.TOPIC: ask_for_rest.ask_for_rest,
    deliver_goods.TOPIC: deliver_goods.deliver_goods,
    clocks.EXPIRE: expire_orders.expire_due,
    clocks.END_WATCH: end_watch.end_watch_due,
    clocks.REMIND: remind_order.remind_due,
    replay_notice.TOPIC: replay_notice.replay_notice,
    links.OPEN: open_link.open_link,
    links.CLOSE: close_link.close_link,
    show_stats.TOPIC: show_stats.show_stats,
    offer_menu.TOPIC: offer_menu.offer_menu,
    refund_stars.TOPIC: refund_stars.refund_stars,
    pay_out.TOPIC: pay_out.send_payout,
}


async def carry_out(office: Office, marker: Marker, task: Task) -> None:
    """Do one claimed job and end it; whatever is raised becomes a retry or a burial, never a lost row."""
    say = log.bind(**task.about)
    try:
        after = await HANDLERS[task.topic](office, task)
        done = await marker.mark(task.claimed, after)
    except NotConfigured as error:
        say.info("job.waits", reason=str(error))
        await _wait(marker, task, str(error))
    except GiveUp as error:
        say.warning("job.given_up", reason=type(error).__name__)
        await _give_up(office, marker, task, error)
    except Exception as error:
        await _later_or_never(office, marker, task, error)
    else:
        say.info("job.done" if done else "job.overtaken")


async def _later_or_never(office: Office, marker: Marker, task: Task, error: Exception) -> None:
    """Plan the next try; a job that has failed too often is buried, where doctor and metrics show it."""
    reason = f"{type(error).__name__}: {error}" if isinstance(error, Later) else type(error).__name__
    if not isinstance(error, Later):
        log.error("job.failed", **task.about, exc_info=error)
    if task.attempts >= (MOST_ATTEMPTS if isinstance(error, Later) else MOST_BUGS):
        await _give_up(office, marker, task, error)
        return
    named = timedelta(seconds=error.seconds or 0) if isinstance(error, Later) else timedelta()
    wait = max(named, queue.backoff(task.attempts, _JITTER))
    log.warning("job.retry", **task.about, reason=reason, wait=str(wait))
    await marker.leave(lambda unit: queue.retry(unit, OUTBOX, task.claimed, unit.now + wait, reason))


async def _wait(marker: Marker, task: Task, reason: str) -> None:
    """Wait for the seller, however long: it counts as no attempt, or the first real one would be the last."""
    await marker.leave(lambda unit: queue.postpone(unit, OUTBOX, task.claimed, unit.now + WAIT_FOR_SELLER, reason))


async def _give_up(office: Office, marker: Marker, task: Task, error: Exception) -> None:
    await marker.leave(lambda unit: _bury(unit, office, task, error))


def _bury(unit: Unit, office: Office, task: Task, error: Exception) -> None:
    """Bury a job; goods that will not arrive this way are noted, and a chat that is closed is remembered.

    Words to a closed chat are done with: there is nothing in them for a person to mend.
    """
    reason, delivery = type(error).__name__, task.topic == deliver_goods.TOPIC
    if isinstance(error, Blocked) and not delivery:
        ended = queue.complete(unit, OUTBOX, task.claimed)
    else:
        ended = queue.bury(unit, OUTBOX, task.claimed, reason)
    if not ended:
        return
    premises = office.premises
    if delivery:
        deliver_goods.lose_delivery(unit, premises, int(task.payload["delivery"]), reason)
    if isinstance(error, Blocked) and task.lane is not None:
        channel, _, external = task.lane.partition(":")
        buyers.set_reachable(unit, premises.shop.id, channel, external, reachable=False)
