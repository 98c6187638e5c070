"""A buyer claims a transfer; an admin accepts the claim for some money that waits, or refuses it.

What the buyer hears, and when, is the same whatever money there is: nothing here looks at any before an admin does.
"""

from datetime import datetime, timedelta

from flows.admins import actor
from flows.messages import Choice, Reply, Say
from flows.name_buyer import name_buyer
from flows.name_contact import contact_lines
from flows.premises import Premises
from flows.review_money import Verdict, assign, credit
from flows.send_reply import admin_jobs, reply_job
from sales.claim import MOST_A_DAY, MOST_AN_HOUR, MOST_OPEN, Claim, ClaimState, Loose, fitting
from sales.errors import Tell
from sales.money import Money
from sales.people import Peer
from sales.purchase import Order
from storage import buyers, claims, orders, reviews, work
from storage.reviews import Kind
from storage.unit import Unit
from storage.work import Event

SHOWN = 5
"""How much of the money that fits is shown for one claim."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def may_claim(unit: Unit, premises: Premises, peer: Peer) -> None:
    """Raise Tell for a buyer without any order, and once as much was claimed as one buyer, or all of them, may."""
    shop = premises.shop.id
    if not orders.newest(unit, shop, peer.buyer, 1):
        raise Tell("claims-without-order")
    if claims.count_open(unit, shop, peer.buyer) >= MOST_OPEN:
        raise Tell("claims-waiting", count=MOST_OPEN)
    if claims.made_since(unit, shop, peer.buyer, unit.now - DAY) >= MOST_A_DAY:
        raise Tell("claims-too-many", count=MOST_A_DAY)
    if claims.made_by_all(unit, shop, unit.now - HOUR) >= MOST_AN_HOUR:
        raise Tell("claims-too-many-shop")


def make_claim(
    unit: Unit, premises: Premises, peer: Peer, order: Order | None, amount: Money, moved_at: datetime, tail: str
) -> Claim:
    """Keep what a buyer says of a transfer, and tell the admins; raises Tell as `may_claim` does.

    `order` must be the buyer's own. `tail`: the last digits of the account it came from, "" where they know none.
    """
    may_claim(unit, premises, peer)
    shop, about = premises.shop.id, order.id if order else None
    claim = claims.add(unit, shop, peer, about, amount, moved_at, tail)
    reviews.open_reviews(unit, shop, Kind.CLAIM, [(claim.id, about)])
    work.log(unit, shop, [Event("claim.made", about, f"buyer:{peer.buyer}", {"claim": claim.id})])
    said = Say("admin-claim-of-order", {"amount": amount, "code": order.code}) if order else None
    told = [said or Say("admin-claim", {"amount": amount}), name_buyer(peer)]
    look = ((Choice(Say("claim-look"), token=f"claim-look:{claim.id}"),),)
    work.enqueue(unit, shop, admin_jobs(unit, premises, told, f"claim:{claim.id}", choices=look))
    _tell_of_rush(unit, premises)
    return claim


def matching_transfers(unit: Unit, premises: Premises, claim: Claim) -> list[Loose]:
    """Money nobody could place that may be what the buyer means, the likeliest first: for admins alone."""
    return fitting(claim, claims.loose(unit, premises.shop.id, claim.amount))[:SHOWN]


def accept_claim(unit: Unit, premises: Premises, admin: Peer, claim: Claim, transfer: int) -> Verdict:
    """That money is the buyer's: it pays the order they named, or is their credit where they named none.

    Raises Tell for a claim that somebody has decided before, for money that fits no longer, as `assign` and `credit`
    do, and for a buyer without any order, for credit lies on orders.
    """
    _open_still(unit, premises, claim)
    found = next((each for each in matching_transfers(unit, premises, claim) if each.transfer == transfer), None)
    if found is None:
        raise Tell("claim-money-gone")
    verdict = _place(unit, premises, admin, claim, found.review)
    _decide(unit, premises, admin, claim, ClaimState.ACCEPTED, transfer=transfer)
    _tell_buyer(unit, premises, claim, Say("claim-accepted", {"amount": claim.amount}))
    return verdict


def refuse_claim(unit: Unit, premises: Premises, admin: Peer, claim: Claim, reason: str) -> None:
    """End a claim without money; the reason ("": nothing that fits was found) is for the shop's own records.

    The buyer reads one and the same sentence: why would tell what money there is. Raises Tell when somebody has decided
    before.
    """
    _open_still(unit, premises, claim)
    _decide(unit, premises, admin, claim, ClaimState.REFUSED, reason=reason)
    _tell_buyer(unit, premises, claim, Say("claim-refused", {"amount": claim.amount}))


def _tell_of_rush(unit: Unit, premises: Premises) -> None:
    """Once a claim is the last that this hour takes, the admins hear of it, once an hour."""
    shop = premises.shop.id
    if claims.made_by_all(unit, shop, unit.now - HOUR) >= MOST_AN_HOUR:
        line = Say("admin-claims-rush", {"count": MOST_AN_HOUR})
        work.enqueue(unit, shop, admin_jobs(unit, premises, [line], f"claims-rush:{unit.now:%Y-%m-%dT%H}"))


def _place(unit: Unit, premises: Premises, admin: Peer, claim: Claim, review: int) -> Verdict:
    shop = premises.shop.id
    if claim.order is not None:
        return assign(unit, premises, admin, review, orders.by_id(unit, shop, claim.order).code)
    newest = orders.newest(unit, shop, claim.buyer, 1)
    if not newest:
        raise Tell("claim-without-orders")
    return credit(unit, premises, admin, review, newest[0].code)


def _open_still(unit: Unit, premises: Premises, claim: Claim) -> None:
    """Read anew: an admin's page may be old."""
    known = claims.by_id(unit, premises.shop.id, claim.id)
    if known is None or known.state is not ClaimState.OPEN:
        raise Tell("claim-decided")


def _decide(
    unit: Unit, premises: Premises, admin: Peer, claim: Claim, state: ClaimState, *, transfer: int = 0, reason: str = ""
) -> None:
    shop, who = premises.shop.id, actor(admin.channel, admin.external)
    if not claims.decide(unit, shop, claim.id, state, transfer or None):
        raise RuntimeError("a claim that was open has been decided meanwhile")
    reviews.close_about(unit, shop, Kind.CLAIM, [claim.id], who, state, reason)
    detail = {"claim": claim.id} | ({"transfer": transfer} if transfer else {}) | ({"reason": reason} if reason else {})
    work.log(unit, shop, [Event(f"claim.{state}", claim.order, who, detail)])


def _tell_buyer(unit: Unit, premises: Premises, claim: Claim, line: Say) -> None:
    shop = premises.shop.id
    reply = Reply((line, *contact_lines(premises)))
    told = reply_job(buyers.peer(unit, shop, claim.peer), reply, f"claim:{claim.id}:decided", claim.order)
    work.enqueue(unit, shop, [told])
