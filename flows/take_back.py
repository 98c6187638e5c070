"""A gateway has taken money back: so are the goods it paid for, and refunds of what is no longer there."""

from collections.abc import Mapping

from flows.ask_for_rest import rest_job
from flows.credit_choices import credit_choices
from flows.free_what_is_left import free_what_is_left
from flows.messages import Reply, Say, Value
from flows.money_words import money_facts, money_name
from flows.name_contact import contact_lines
from flows.premises import Premises
from flows.send_reply import admin_jobs, reply_job
from sales.ids import BuyerId, OrderId, ShopId
from sales.money import Money
from sales.order import Bill, Payment
from sales.people import Peer
from sales.posting import Account
from sales.refund import Refund, State, calling_off
from sales.settlement import Decision
from sales.transfer import Sighting
from storage import credit, goods, refunds, reviews, work
from storage.reviews import RULE, Kind
from storage.unit import Unit
from storage.work import Event, changed

CALLED_OFF = "called_off"
"""How the review of such a refund ends that had come back."""


def take_back(
    unit: Unit, premises: Premises, sighting: Sighting, decision: Decision, peers: Mapping[OrderId, Peer]
) -> None:
    """Revoke what the money has bought, call off refunds that it no longer covers, and tell buyer and admins.

    Of what the shop has never booked only the admins hear.
    """
    shop, bill, name = premises.shop.id, decision.bill, money_name(sighting)
    if bill is None or not decision.postings:
        facts = money_facts(sighting) | {"code": bill.code if bill else ""}
        work.enqueue(unit, shop, admin_jobs(unit, premises, [Say("admin-reversed-unknown", facts)], name))
        return
    bought = decision.took_back(Account.REVENUE)
    if bought:
        goods.revoke(unit, shop, bill.order)
    facts = money_facts(sighting) | {"code": bill.code}
    lines = [Say("admin-reversed" if bought else "admin-taken-back", facts)]
    called_off = _call_off(unit, shop, bill, sighting.currency)
    lines += [Say("admin-refund-called-off", each) for each in called_off]
    freed = _free(unit, shop, bill) if bought else []
    lines += [Say("admin-rest-is-credit", each) for each in freed]
    lines += overdrawn(unit, premises, bill.buyer, sighting.currency)
    said = [Say("money-reversed" if bought else "money-taken-back", facts)]
    said += [Say("refund-called-off", each) for each in called_off]
    said += [Say("rest-is-credit", each) for each in freed]
    choices = credit_choices(bill.code, bill.total.currency) if freed else ()
    told = Reply((*said, *contact_lines(premises)), choices)
    jobs = [reply_job(peers[bill.order], told, name, bill.order), *admin_jobs(unit, premises, lines, name, bill.order)]
    if bill.state is not Payment.PAID:
        jobs.append(rest_job(bill.order, bill.code, sighting.currency, name))
    work.enqueue(unit, shop, jobs)


def overdrawn(unit: Unit, premises: Premises, buyer: BuyerId, currency: str) -> list[Say]:
    """What the admins are told when more of a buyer's credit was taken back than was left of it."""
    minor = credit.credit_of(unit, premises.shop.id, buyer).get(currency, 0)
    return [Say("admin-credit-negative", {"amount": Money(minor, currency)})] if minor < 0 else []


def _free(unit: Unit, shop: ShopId, bill: Bill) -> list[dict[str, Value]]:
    """What else was paid for the goods that are gone."""
    return [{"code": bill.code, "amount": each} for each in free_what_is_left(unit, shop, bill)]


def _call_off(unit: Unit, shop: ShopId, bill: Bill, currency: str) -> list[dict[str, Value]]:
    """Owe no refund of money that is gone, the newest first; what was sent is sent, and stands in the ledger.

    So does what a gateway has been asked to send: nobody can call it back.
    """
    held = refunds.held(unit, shop, bill.order, currency)
    left, debt = sum(held.values()), -held.get(Account.CREDIT, 0)
    called_off: list[dict[str, Value]] = []
    for refund in reversed(refunds.of_orders(unit, shop, [bill.order]).get(bill.order, [])):
        idle = refund.owed and not refund.under_way
        if left < 0 and idle and refund.amount.currency == currency:
            _drop(unit, shop, refund, debt)
            debt -= refund.amount.minor
            left += refund.amount.minor
            called_off.append({"code": bill.code, "amount": refund.amount})
    return called_off


def _drop(unit: Unit, shop: ShopId, refund: Refund, debt: int) -> None:
    """Take back how it was booked as owed; see `calling_off` of `debt`."""
    booked = refunds.postings_of(unit, shop, [refund.id])[refund.id]
    refunds.post(unit, shop, refund, calling_off(booked, refund.amount, debt))
    refunds.call_off(unit, shop, refund.id)
    reviews.close_about(unit, shop, Kind.REFUND, [refund.id], RULE, CALLED_OFF)
    detail = {"refund": refund.id, "amount": refund.amount.minor, "currency": refund.amount.currency}
    detail |= changed(refund.state, State.DROPPED)
    work.log(unit, shop, [Event("refund.called_off", refund.order, "rule", detail)])
