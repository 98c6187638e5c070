"""What a decision about money sets in motion: orders paid, goods granted, people told."""

from collections.abc import Mapping, Sequence

from flows.ask_for_rest import rest_job
from flows.grant_goods import grant_goods
from flows.links import closing_jobs
from flows.messages import Reply, Say, Value
from flows.name_candidates import candidate_lines
from flows.name_contact import contact_lines
from flows.premises import Premises
from flows.send_reply import admin_jobs, reply_job
from flows.show_card import turn_jobs
from sales.ids import OrderId
from sales.money import Money
from sales.order import Bill, Payment
from sales.people import Peer
from sales.posting import Account
from sales.settlement import NEEDS_A_PERSON, Decision, Meaning
from sales.transfer import Sighting
from storage import buyers, goods, looks, orders, work
from storage.unit import Unit
from storage.work import Event, Job

Decided = tuple[Sighting, Decision]


def follow_up(unit: Unit, premises: Premises, judged: Sequence[Decided]) -> None:
    """Carry out what the decisions ask for, in the Unit that keeps them."""
    shop = premises.shop.id
    touched = sorted({decision.bill.order for _, decision in judged if decision.bill})
    peers = buyers.peers_of(unit, shop, touched)
    paid = [decision.bill.order for _, decision in judged if decision.bill and decision.pays]
    _price(unit, premises, judged)
    _pay(unit, premises, paid, peers)
    for sighting, decision in judged:
        # A part whose rest came in the same list needs no card for what is missing.
        if decision.meaning is not Meaning.SHORT or decision.bill is None or decision.bill.order not in paid:
            _tell(unit, premises, sighting, decision, peers)
        if decision.meaning is Meaning.REVERSED and decision.bill and decision.took_back(Account.REVENUE):
            goods.revoke(unit, shop, decision.bill.order)
    work.log(unit, shop, [_event(sighting, decision) for sighting, decision in judged])


def tell_of_places(unit: Unit, premises: Premises, judged: Sequence[Decided]) -> None:
    """Tell the admins of money they heard of as unclear: another source has named its order since."""
    for sighting, decision in judged:
        if decision.bill is not None:
            line = Say("admin-placed", _facts(sighting) | {"code": decision.bill.code})
            jobs = admin_jobs(unit, premises, [line], f"placed:{_name(sighting)}", decision.order)
            work.enqueue(unit, premises.shop.id, jobs)


def _price(unit: Unit, premises: Premises, judged: Sequence[Decided]) -> None:
    """An order that is paid in another currency than it was asked in has cost that."""
    for sighting, decision in judged:
        bill = decision.bill
        if bill is not None and decision.pays and sighting.currency != bill.total.currency:
            orders.price_at(unit, premises.shop.id, bill.order, bill.price_in(sighting.currency))


def _pay(unit: Unit, premises: Premises, paid: Sequence[OrderId], peers: Mapping[OrderId, Peer]) -> None:
    """Move the orders to paid, thank the buyers, turn their cards, and take the goods."""
    if not paid:
        return
    shop = premises.shop.id
    moved = orders.pay(unit, shop, paid)
    if len(moved) != len(paid):
        raise RuntimeError("an order that was locked has moved")
    closed = orders.close_attempts(unit, shop, paid, "paid")
    looks.stop(unit, shop, paid)
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
    shop, bill = premises.shop.id, decision.bill
    if bill is not None and decision.meaning is Meaning.SHORT and bill.state is Payment.CANCELLED:
        # Nobody wants it any more: what came is held, and the rest is not asked for.
        said = Reply((Say("part-is-held", _missing(sighting, bill)), *contact_lines(premises)))
        work.enqueue(unit, shop, [reply_job(peers[bill.order], said, _name(sighting), bill.order)])
    elif bill is not None and decision.meaning is Meaning.SHORT:
        said = Reply((Say("money-short", _missing(sighting, bill)),))
        jobs = [
            reply_job(peers[bill.order], said, _name(sighting), bill.order),
            rest_job(bill.order, bill.code, sighting.currency, _name(sighting)),
        ]
        work.enqueue(unit, shop, jobs)
    elif bill is not None and decision.meaning is not Meaning.EXACT:
        said = Reply((Say(f"money-{decision.meaning}", _unplain(sighting, decision)), *contact_lines(premises)))
        work.enqueue(unit, shop, [reply_job(peers[bill.order], said, _name(sighting), bill.order)])
    if decision.meaning in NEEDS_A_PERSON:
        lines = [Say(f"admin-{decision.meaning}", _facts(sighting) | _of_order(sighting, decision))]
        if decision.meaning is Meaning.UNMATCHED:
            lines += candidate_lines(unit, premises, sighting)
        work.enqueue(unit, shop, admin_jobs(unit, premises, lines, _name(sighting), decision.order))


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
    return code | {"surplus": surplus, "minor": surplus.minor}


def _surplus(sighting: Sighting, decision: Decision) -> Money:
    """What of this money became credit: parts in other currencies may have become some, too."""
    mine = (each for each in decision.postings if each.amount.currency == sighting.currency)
    return Money(-sum(each.amount.minor for each in mine if each.account is Account.CREDIT), sighting.currency)


def _facts(sighting: Sighting) -> dict[str, Value]:
    return {
        "amount": Money(abs(sighting.amount), sighting.currency),
        "memo": sighting.memo,
        "source": sighting.source,
        "ref": sighting.ref,
    }


def _event(sighting: Sighting, decision: Decision) -> Event:
    detail = {"source": sighting.source, "ref": sighting.ref, "amount": sighting.amount, "currency": sighting.currency}
    return Event(f"money.{decision.meaning}", decision.order, sighting.source, detail)


def _name(sighting: Sighting) -> str:
    return f"money:{sighting.source}:{sighting.ref}"
