"""A part that nothing is owed against any more, since the order was paid in another currency: who is told of it."""

from collections.abc import Mapping

from flows.credit_choices import credit_choices
from flows.messages import Reply, Say, Value
from flows.name_contact import contact_lines
from flows.premises import Premises
from flows.send_reply import admin_jobs, reply_job
from sales.ids import OrderId
from sales.money import Money
from sales.people import Peer
from sales.posting import Account
from sales.settlement import Decision
from sales.transfer import Sighting
from storage import work
from storage.unit import Unit


def tell_of_freed(
    unit: Unit, premises: Premises, sighting: Sighting, decision: Decision, peers: Mapping[OrderId, Peer]
) -> None:
    """Tell the buyer that the shop holds it, and the admins what they type to give it back."""
    bill = decision.bill
    for part in _freed(sighting, decision):
        if bill is not None:
            values: dict[str, Value] = {"code": bill.code, "came": part, "currency": part.currency}
            choices = credit_choices(bill.code, part.currency)
            said = Reply((Say("part-is-held", values), *contact_lines(premises)), choices)
            name = f"freed:{bill.order}:{part.currency}"
            jobs = admin_jobs(unit, premises, [Say("admin-part-freed", values)], name, bill.order)
            work.enqueue(unit, premises.shop.id, [reply_job(peers[bill.order], said, name, bill.order), *jobs])


def _freed(sighting: Sighting, decision: Decision) -> list[Money]:
    """What the payment has made the buyer's credit of parts in other currencies."""
    if not decision.pays:
        return []
    credited = (each.amount for each in decision.postings if each.account is Account.CREDIT)
    return [-amount for amount in credited if amount.currency != sighting.currency]
