"""Heed what is said of a payment though no money has moved: that it came to nothing, or that one should ask."""

from collections.abc import Sequence
from datetime import timedelta

from flows.keep_reviews import FAILED, close_held
from flows.messages import Choice, Reply, Say
from flows.premises import Premises
from flows.send_reply import reply_job
from flows.show_card import turn_jobs
from gateways.registry import gateway
from sales.money import Money
from sales.transfer import Sighting, Standing
from storage import buyers, looks, orders, pairing, work
from storage.orders import Closed
from storage.pairing import Asked
from storage.unit import Unit
from storage.work import Event

HASTE = timedelta(seconds=5)
"""How often a hint may have one payment asked for."""


def heed_words(unit: Unit, premises: Premises, words: Sequence[Sighting]) -> None:
    """Close the attempts that failed, and have those asked for of which somebody hints; repeats change nothing."""
    shop = premises.shop.id
    asked = pairing.asked(unit, shop, {each.number for each in words if each.number is not None})
    for each in words:
        wanted = asked.get(each.number or 0)
        if wanted is None or wanted.gateway != each.source:
            continue
        if each.standing is Standing.HINT:
            _look(unit, premises, wanted, each)
        elif wanted.amount == Money(each.amount, each.currency):
            _fail(unit, premises, wanted, each)


def _look(unit: Unit, premises: Premises, wanted: Asked, word: Sighting) -> None:
    """Numbers follow each other, and a hint needs no proof: only who knows the order's code is heeded."""
    if word.number is not None and word.memo == wanted.code:
        looks.ask_about(unit, premises.shop.id, word.source, word.number, HASTE)


def _fail(unit: Unit, premises: Premises, wanted: Asked, word: Sighting) -> None:
    """Only an attempt that is still open can fail; its order stays, and as long as it can be paid, then in any way."""
    shop = premises.shop.id
    order = orders.by_code(unit, shop, wanted.code)
    assert order is not None, "an attempt has an order"
    close_held(unit, shop, [order.id], word.source, FAILED)
    if not orders.fail_attempt(unit, shop, wanted.attempt):
        return
    peer = buyers.peer(unit, shop, order.peer)
    jobs = turn_jobs(peer, order.id, [Closed(wanted.attempt, linked=False)], "failed")
    if order.payable(unit.now):
        say = Say("payment-cancelled" if _cancelled(word) else "payment-failed", {"code": order.code})
        again = ((Choice(Say("pay-again"), token=f"ways:{order.code}"),), (Choice(Say("my-orders"), token="orders"),))
        jobs.append(reply_job(peer, Reply((say,), again), f"failed:{wanted.attempt}", order.id))
    work.enqueue(unit, shop, jobs)
    detail = {"source": word.source, "number": word.number, "reason": word.reason}
    work.log(unit, shop, [Event("payment.failed", order.id, word.source, detail)])


def _cancelled(word: Sighting) -> bool:
    """Whether the buyer has cancelled it, by the gateway's own code."""
    told_by = gateway(word.source)
    return told_by is not None and word.reason in told_by.cancelled
