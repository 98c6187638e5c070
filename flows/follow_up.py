"""What a decision about money sets in motion: orders paid, goods granted, people told."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flows.ask_for_rest import rest_job
from flows.grant_goods import grant_goods
from flows.links import closing_jobs
from flows.messages import Reply, Say, Value
from flows.money_words import money_facts, money_name, money_word
from flows.name_candidates import candidate_lines
from flows.name_contact import contact_lines
from flows.premises import Premises
from flows.send_reply import admin_jobs, reply_job
from flows.show_card import turn_jobs
from flows.take_back import take_back
from flows.tell_of_freed import tell_of_freed
from gateways.registry import SOURCES, SPEAKERS
from sales.ids import OrderId
from sales.money import Money
from sales.order import Bill, Payment
from sales.people import Peer
from sales.posting import Account
from sales.refund_amount import write_amount
from sales.settlement import NEEDS_A_PERSON, Decision, Meaning
from sales.transfer import Sighting
from storage import buyers, looks, orders, work
from storage.unit import Unit
from storage.work import Event, Job

Decided = tuple[Sighting, Decision]

LAST_LOOK = timedelta(minutes=10)
"""How long after an order was paid its payments are asked for the last time."""

WATCHERS = frozenset(SOURCES)
"""Whoever tells of a bank account: the same QR can be paid there twice."""


def follow_up(unit: Unit, premises: Premises, judged: Sequence[Decided]) -> None:
    """Carry out what the decisions ask for, in the Unit that keeps them."""
    shop = premises.shop.id
    touched = sorted({decision.bill.order for _, decision in judged if decision.bill})
    peers = buyers.peers_of(unit, shop, touched)
    paid = [decision.bill.order for _, decision in judged if decision.bill and decision.pays]
    _price(unit, premises, judged)
    _pay(unit, premises, paid, peers, frozenset(each.source for each, _ in judged))
    for sighting, decision in judged:
        # A part whose rest came in the same list needs no card for what is missing.
        if decision.meaning is not Meaning.SHORT or decision.bill is None or decision.bill.order not in paid:
            _tell(unit, premises, sighting, decision, peers)
        tell_of_freed(unit, premises, sighting, decision, peers)
    work.log(unit, shop, [_event(sighting, decision) for sighting, decision in judged])


def tell_of_places(unit: Unit, premises: Premises, judged: Sequence[Decided]) -> None:
    """Tell the admins of money they heard of as unclear: another source has named its order since."""
    for sighting, decision in judged:
        if decision.bill is not None:
            line = Say("admin-placed", money_facts(sighting) | {"code": decision.bill.code})
            jobs = admin_jobs(unit, premises, [line], f"placed:{money_name(sighting)}", decision.order)
            work.enqueue(unit, premises.shop.id, jobs)


def _price(unit: Unit, premises: Premises, judged: Sequence[Decided]) -> None:
    """An order that is paid in another currency than it was asked in has cost that."""
    for sighting, decision in judged:
        bill = decision.bill
        if bill is not None and decision.pays and sighting.currency != bill.total.currency:
            orders.price_at(unit, premises.shop.id, bill.order, bill.price_in(sighting.currency))


def _pay(
    unit: Unit,
    premises: Premises,
    paid: Sequence[OrderId],
    peers: Mapping[OrderId, Peer],
    sources: frozenset[str],
) -> None:
    """Move the orders to paid, thank the buyers, turn their cards, and take the goods; `sources` told of the money."""
    if not paid:
        return
    shop = premises.shop.id
    moved = orders.pay(unit, shop, paid)
    if len(moved) != len(paid):
        raise RuntimeError("an order that was locked has moved")
    # What one watcher tells of may have been paid by the QR or link of another.
    by = sources | set(SPEAKERS.values()) if sources & WATCHERS else sources
    closed = orders.close_paid(unit, shop, paid, by)
    # A second payment may be on its way, of which a lost notice, or a gateway without any, would never tell.
    looks.end(unit, shop, paid, unit.now + LAST_LOOK, sources - WATCHERS)
    jobs: list[Job] = []
    for order in moved:
        thanks = Reply((Say("payment-received", {"code": order.code, "amount": order.total}),))
        jobs.append(reply_job(peers[order.id], thanks, f"paid:{order.id}", order.id))
        jobs += turn_jobs(peers[order.id], order.id, closed.get(order.id, []), "paid")
        jobs += closing_jobs(order.id, closed.get(order.id, []))
    work.enqueue(unit, shop, [*jobs, *grant_goods(unit, premises, moved, peers)])


def _tell(
    unit: Unit, premises: Premises, sighting: Sighting, decision: Decision, peers: Mapping[OrderId, Peer]
) -> None:
    """Tell the buyer of money that did not pay plainly, and the admins of money that needs a person."""
    if decision.meaning is Meaning.REVERSED:
        take_back(unit, premises, sighting, decision, peers)
        return
    shop, bill, word = premises.shop.id, decision.bill, money_word(sighting, decision.meaning)
    if bill is not None and decision.meaning is Meaning.SHORT and bill.state is Payment.CANCELLED:
        # Nobody wants it any more: what came is held, and the rest is not asked for.
        said = Reply((Say("part-is-held", _missing(sighting, bill)), *contact_lines(premises)))
        work.enqueue(unit, shop, [reply_job(peers[bill.order], said, money_name(sighting), bill.order)])
    elif bill is not None and decision.meaning is Meaning.SHORT:
        said = Reply((Say("money-short", _missing(sighting, bill)),))
        jobs = [
            reply_job(peers[bill.order], said, money_name(sighting), bill.order),
            rest_job(bill.order, bill.code, sighting.currency, money_name(sighting)),
        ]
        work.enqueue(unit, shop, jobs)
    elif bill is not None and decision.meaning is not Meaning.EXACT:
        said = Reply((Say(f"money-{word}", _unplain(sighting, decision)), *contact_lines(premises)))
        work.enqueue(unit, shop, [reply_job(peers[bill.order], said, money_name(sighting), bill.order)])
    if decision.meaning in NEEDS_A_PERSON:
        lines = [Say(f"admin-{word}", money_facts(sighting) | _of_order(sighting, decision))]
        if decision.meaning is Meaning.UNMATCHED:
            lines += candidate_lines(unit, premises, sighting)
        work.enqueue(unit, shop, admin_jobs(unit, premises, lines, money_name(sighting), decision.order))


def _missing(sighting: Sighting, bill: Bill) -> dict[str, Value]:
    came = Money(sighting.amount, sighting.currency)
    return {"code": bill.code, "came": came, "missing": bill.missing_in(sighting.currency) - came}


def _unplain(sighting: Sighting, decision: Decision) -> dict[str, Value]:
    """What the buyer is told of an unplain payment: all of the transfer, or what was too much."""
    whole = Money(abs(sighting.amount), sighting.currency)
    amount = _surplus(sighting, decision) if decision.meaning is Meaning.OVER else whole
    return {"code": decision.bill.code if decision.bill else "", "amount": amount}


def _of_order(sighting: Sighting, decision: Decision) -> dict[str, Value]:
    """What the admins are told beside the facts: the order, and of a surplus what they type to give it back."""
    code: dict[str, Value] = {"code": decision.bill.code if decision.bill else ""}
    if decision.meaning is not Meaning.OVER:
        return code
    surplus = _surplus(sighting, decision)
    return code | {"surplus": surplus, "typed": write_amount(surplus)}


def _surplus(sighting: Sighting, decision: Decision) -> Money:
    """What of this money became credit: parts in other currencies may have become some, too."""
    mine = (each for each in decision.postings if each.amount.currency == sighting.currency)
    return Money(-sum(each.amount.minor for each in mine if each.account is Account.CREDIT), sighting.currency)


def _event(sighting: Sighting, decision: Decision) -> Event:
    detail = {"source": sighting.source, "ref": sighting.ref, "amount": sighting.amount, "currency": sighting.currency}
    return Event(f"money.{decision.meaning}", decision.order, sighting.source, detail)
