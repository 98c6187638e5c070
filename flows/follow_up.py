"""What a decision about money sets in motion: orders paid, goods granted, people told."""

from collections.abc import Mapping, Sequence

from flows.ask_for_rest import rest_job
from flows.credit_choices import credit_choices
from flows.messages import Reply, Rows, Say, Value
from flows.money_words import decision_word, money_facts, money_name
from flows.name_contact import contact_lines
from flows.pay_orders import pay_orders
from flows.premises import Premises
from flows.send_reply import admin_jobs, reply_job
from flows.small_money import is_small
from flows.take_back import take_back
from flows.tell_of_freed import tell_of_freed
from sales.ids import OrderId
from sales.money import Money
from sales.order import Bill, Payment
from sales.people import Peer
from sales.posting import Account
from sales.refund_amount import write_amount
from sales.settlement import NEEDS_A_PERSON, Decision, Meaning
from sales.transfer import Sighting
from storage import buyers, orders, work
from storage.unit import Unit
from storage.work import Event

Decided = tuple[Sighting, Decision]


def follow_up(unit: Unit, premises: Premises, judged: Sequence[Decided]) -> None:
    """Carry out what the decisions ask for, in the Unit that keeps them; of a person's the admins hear from them."""
    shop = premises.shop.id
    touched = sorted({decision.bill.order for _, decision in judged if decision.bill})
    peers = buyers.peers_of(unit, shop, touched)
    paid = [decision.bill.order for _, decision in judged if decision.bill and decision.pays]
    _price(unit, premises, judged)
    pay_orders(unit, premises, paid, peers, frozenset(each.source for each, _ in judged))
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


def _tell(
    unit: Unit, premises: Premises, sighting: Sighting, decision: Decision, peers: Mapping[OrderId, Peer]
) -> None:
    """Tell the buyer of money that did not pay plainly, and the admins of money that needs a person."""
    if decision.meaning is Meaning.REVERSED:
        take_back(unit, premises, sighting, decision, peers)
        return
    shop, bill, word = premises.shop.id, decision.bill, decision_word(sighting, decision)
    name, small = _name(sighting, decision), is_small(sighting, decision)
    if bill is not None and decision.meaning is Meaning.SHORT and bill.is_over(unit.now):
        # What came is held, and the rest is not asked for. A statement may tell of a part long after it came in time.
        choices = credit_choices(bill.code, sighting.currency)
        said = Reply((Say("part-is-held", _missing(sighting, bill)), *contact_lines(premises)), choices)
        work.enqueue(unit, shop, [reply_job(peers[bill.order], said, name, bill.order)])
    elif bill is not None and decision.meaning is Meaning.SHORT:
        said = Reply((Say("money-short", _missing(sighting, bill)),))
        jobs = [
            reply_job(peers[bill.order], said, name, bill.order),
            rest_job(bill.order, bill.code, sighting.currency, name),
        ]
        work.enqueue(unit, shop, jobs)
    elif bill is not None and decision.meaning is not Meaning.EXACT:
        says = [Say(f"money-{word}", _unplain(sighting, decision))]
        if decision.pays and decision.meaning is not Meaning.OVER and _surplus(sighting, decision).minor > 0:
            says.append(Say("money-over", {"code": bill.code, "amount": _surplus(sighting, decision)}))
        said = Reply((*says, *contact_lines(premises)), _choices(sighting, decision, bill))
        work.enqueue(unit, shop, [reply_job(peers[bill.order], said, name, bill.order)])
    # Of money that names nothing the admins are told together with the orders it may be for, of small once an hour.
    if decision.meaning in NEEDS_A_PERSON - {Meaning.UNMATCHED} and not decision.by and not small:
        lines = [Say(f"admin-{word}", money_facts(sighting) | _of_order(sighting, decision))]
        work.enqueue(unit, shop, admin_jobs(unit, premises, lines, name, decision.order))


def _name(sighting: Sighting, decision: Decision) -> str:
    """Under which it is told once: what a person has made of it is told beside what a rule had."""
    return money_name(sighting) + (":decided" if decision.by else "")


def _choices(sighting: Sighting, decision: Decision, bill: Bill) -> Rows:
    """What the buyer may do with what has become their credit by this money."""
    credited = _surplus(sighting, decision).minor > 0
    return credit_choices(bill.code, sighting.currency) if credited else ()


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
    detail: dict[str, object] = {"source": sighting.source, "ref": sighting.ref}
    detail |= {"amount": sighting.amount, "currency": sighting.currency}
    detail |= {"before": decision.was or "", "after": decision.meaning}
    if decision.bill is not None and decision.pays:
        detail |= {"order_before": decision.bill.state, "order_after": Payment.PAID}
    if decision.reason:
        detail["reason"] = decision.reason
    return Event(f"money.{decision.meaning}", decision.order, decision.by or sighting.source, detail)
