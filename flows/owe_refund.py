"""The step by which a refund becomes owed, whatever it is of: still asked for, still covered, and booked once."""

from collections.abc import Mapping

from flows.admins import actor
from flows.close_covered import close_covered
from sales.errors import Tell
from sales.ids import RefundId, ShopId
from sales.people import Peer
from sales.posting import Account
from sales.refund import TO_AN_ACCOUNT, Refund, State, owing
from storage import refunds, reviews
from storage.reviews import Kind
from storage.unit import Unit

APPROVED = "approved"
LEFT = "dropped"
"""How the review of a wish ends."""


def asked(unit: Unit, shop: ShopId, refund: RefundId) -> Refund:
    """A refund that was asked for; raises Tell for one that is not there, and when somebody was first."""
    found = refunds.by_id(unit, shop, refund)
    if found is None or found.state is State.DROPPED:
        raise Tell("refund-gone")
    if found.state is not State.ASKED:
        raise Tell("refund-confirmed-already")
    return found


def owe(unit: Unit, shop: ShopId, admin: Peer, refund: Refund, lies: Mapping[Account, int]) -> None:
    """Owe it, taken from where money `lies`, and close the review of a wish; raises Tell once it has lapsed."""
    if not refunds.owe(unit, shop, refund.id):
        raise Tell("refund-lapsed")
    if refund.means not in TO_AN_ACCOUNT:
        # It goes back whence it came: there is no account that somebody else would have to confirm.
        refunds.confirm(unit, shop, refund.id, refund.payee, admin.id)
    refunds.post(unit, shop, refund, owing(lies, refund.amount))
    who = actor(admin.channel, admin.external)
    reviews.close_about(unit, shop, Kind.REFUND, [refund.id], who, APPROVED)
    close_covered(unit, shop, refund, who)
