"""Give money back: an admin asks, is shown what will happen, and confirms; from then on it is owed."""

from collections.abc import Mapping
from dataclasses import dataclass

from flows.admins import actor
from flows.cancel_order import cancel_order, close_cards
from flows.messages import Reply, Say
from flows.name_contact import contact_lines
from flows.name_payee import ask_payee
from flows.name_refund import name_refund
from flows.owe_refund import LEFT, asked, owe
from flows.premises import Premises
from flows.refund_stars import refund_stars_job
from flows.refund_terms import Terms, refund_currency, refund_terms
from flows.send_reply import reply_job
from flows.waiting_money import waiting_money
from sales.codes import is_code
from sales.errors import Tell
from sales.ids import RefundId, ShopId
from sales.money import Money
from sales.order import Payment
from sales.people import Peer
from sales.posting import Account
from sales.purchase import Order
from sales.refund import LAPSE, TO_AN_ACCOUNT, Means, Refund, State, idle_of
from storage import buyers, credit, goods, orders, refunds, reviews, wishes, work
from storage.reviews import Kind
from storage.unit import Unit
from storage.work import Event, Job, changed


@dataclass(frozen=True, slots=True)
class Prospect:
    """A refund beside its order, as the admin is shown it; `asked`: a QR waits for the order's money, or is made.

    `held` can be given back in its currency at this moment; it is taken from where that, or some of it, `lies`. A
    buyer's `wish` leaves alone what has bought something, or still may.
    """

    refund: Refund
    order: Order
    asked: bool
    held: int
    lies: Mapping[Account, int]
    wish: bool

    @property
    def whole(self) -> bool:
        """Whether it gives back all that is held of what the order cost, and with it takes back the goods.

        Money in another currency has bought nothing.
        """
        all_of_it = self.refund.amount.minor == self.held
        return all_of_it and self.refund.amount.currency == self.order.total.currency

    @property
    def cancels(self) -> bool:
        """Whether the order still waits for money, and would go on asking for it."""
        return self.order.payment is Payment.OPEN and self._takes_a_part

    @property
    def closes(self) -> bool:
        """Whether the order is over, and yet asks for the rest of what is given back now."""
        over = self.order.payment in (Payment.EXPIRED, Payment.CANCELLED)
        return over and self.asked and self._takes_a_part

    @property
    def _takes_a_part(self) -> bool:
        """Whether it takes what has come of the order's price; credit goes first, and leaves the order as it was."""
        return self.lies.get(Account.DEPOSIT, 0) > 0 and self.refund.amount.minor > self.lies.get(Account.CREDIT, 0)


def ask_refund(
    unit: Unit,
    premises: Premises,
    admin: Peer,
    code: str,
    minor: int | None,
    reason: str,
    currency: str | None = None,
) -> Prospect:
    """Write down that an admin wants to give `minor` units back, or all that can go at once; nothing moves yet.

    Raises Tell for a code without an order, and as `refund_terms` does.
    """
    order = _named(unit, premises, code)
    terms = refund_terms(unit, premises.shop.id, order, minor, currency)
    return _write_down(unit, premises, admin, order, terms, reason)


def ask_refund_of_money(
    unit: Unit, premises: Premises, admin: Peer, code: str, amount: Money, transfer: int
) -> Prospect:
    """The same of what waits of one transfer for that order, which goes to whoever it came from."""
    order = _named(unit, premises, code)
    terms = refund_terms(unit, premises.shop.id, order, amount.minor, amount.currency, transfer)
    return _write_down(unit, premises, admin, order, terms, "")


def _write_down(unit: Unit, premises: Premises, admin: Peer, order: Order, terms: Terms, reason: str) -> Prospect:
    shop = premises.shop.id
    values = {"reason": reason, "asked_by": admin.id, "memo": ""}
    refund = name_refund(unit, premises, refunds.ask(unit, shop, order.id, terms.amount, values | dict(terms.values)))
    detail = {"reason": reason, **changed("", State.ASKED)}
    work.log(unit, shop, [_event("admin.refund_asked", refund, actor(admin.channel, admin.external), detail)])
    return _prospect(unit, shop, refund, order)


def currency_of_refund(unit: Unit, premises: Premises, code: str, named: str | None = None) -> str:
    """The currency in which `ask_refund` counts for that order, where the admin has `named` one or none.

    Raises Tell for a code without an order, and as `refund_currency` does.
    """
    return refund_currency(unit, premises.shop.id, _named(unit, premises, code), named)


def confirm_refund(unit: Unit, premises: Premises, admin: Peer, refund_id: RefundId) -> Prospect:
    """Make it owed, once: booked, the goods revoked when all is given back, and the buyer told and asked whereto.

    Raises Tell when it is too late, when somebody was first, or when what the admin was shown is no longer so.
    """
    shop = premises.shop.id
    refund = asked(unit, shop, refund_id)
    order = orders.by_id(unit, shop, refund.of_order)
    prospect = _prospect(unit, shop, refund, order)
    _check(unit, shop, prospect)
    owe(unit, shop, admin, refund, prospect.lies)
    _follow_up(unit, premises, admin, prospect)
    return prospect


def drop_refund(unit: Unit, premises: Premises, admin: Peer, refund: Refund) -> None:
    """Leave it at the asking, of which a buyer who wished for it hears; raises Tell when it was confirmed before."""
    shop, who = premises.shop.id, actor(admin.channel, admin.external)
    wish = wishes.is_wish(unit, shop, refund)
    if not refunds.drop(unit, shop, refund.id):
        raise Tell("refund-confirmed-already")
    detail = {"refund": refund.id, **changed(State.ASKED, State.DROPPED)}
    work.log(unit, shop, [Event("admin.refund_dropped", refund.order, who, detail)])
    if wish:
        reviews.close_about(unit, shop, Kind.REFUND, [refund.id], who, LEFT)
        order = orders.by_id(unit, shop, refund.of_order)
        line = Say("refund-wish-left", {"code": order.code, "amount": refund.amount})
        told = Reply((line, *contact_lines(premises)))
        work.enqueue(
            unit, shop, [reply_job(buyers.peer(unit, shop, order.peer), told, f"refund:{refund.id}:left", order.id)]
        )


def _check(unit: Unit, shop: ShopId, prospect: Prospect) -> None:
    """Raise Tell when the money no longer lies there as the admin was shown it; for a wish it is enough of it."""
    refund = prospect.refund
    changed_since = prospect.held != refund.held.minor and unit.now < refund.created_at + LAPSE
    # Two admins who ask at once are both shown all that is held: only the first of them may be right.
    if not _granted(unit, shop, prospect) if prospect.wish else changed_since:
        raise Tell("refund-overtaken", code=prospect.order.code)


def _granted(unit: Unit, shop: ShopId, prospect: Prospect) -> bool:
    """Whether a wish can still be granted: a gateway may have taken other money of that buyer back since."""
    amount, lies = prospect.refund.amount, prospect.lies
    from_credit = min(amount.minor, lies.get(Account.CREDIT, 0))
    credit_in_all = credit.credit_of(unit, shop, prospect.order.buyer).get(amount.currency, 0)
    return sum(lies.values()) >= amount.minor and from_credit <= max(credit_in_all, 0)


def _named(unit: Unit, premises: Premises, code: str) -> Order:
    shop = premises.shop
    order = orders.by_code(unit, shop.id, code) if is_code(code, shop.code_prefix) else None
    if order is None:
        raise Tell("refund-order-unknown", code=code)
    return order


def _prospect(unit: Unit, shop: ShopId, refund: Refund, order: Order) -> Prospect:
    held, wish = refunds.held(unit, shop, order.id, refund.amount.currency), wishes.is_wish(unit, shop, refund)
    lies = idle_of(held, order.payment) if wish else waiting_money(unit, shop, refund) or held
    asked_for = orders.open_attempt(unit, shop, order.id) is not None
    return Prospect(refund, order, asked_for, sum(held.values()), lies, wish)


def _follow_up(unit: Unit, premises: Premises, admin: Peer, prospect: Prospect) -> None:
    shop, refund, order = premises.shop.id, prospect.refund, prospect.order
    buyer, who = buyers.peer(unit, shop, order.peer), actor(admin.channel, admin.external)
    if prospect.cancels:
        cancel_order(unit, premises, buyer, order, who)
    elif prospect.closes:
        close_cards(unit, premises, buyer, order)
    revoked = goods.revoke(unit, shop, order.id) if prospect.whole else 0
    detail = {"revoked": revoked, **changed(State.ASKED, State.APPROVED)}
    work.log(unit, shop, [_event("admin.refund_owed", refund, who, detail)])
    lines = [Say("refund-is-coming", {"code": order.code, "amount": refund.amount})]
    if revoked:
        lines.append(Say("refund-revokes", {"code": order.code}))
    question = _where_to(premises, refund)
    told = Reply((*lines, *question.lines), question.choices)
    work.enqueue(unit, shop, [reply_job(buyer, told, f"refund:{refund.id}:owed", order.id), *_sending(refund)])


def _where_to(premises: Premises, refund: Refund) -> Reply:
    """What the buyer is asked or told of the way the money takes."""
    if refund.means is Means.STARS:
        return Reply((Say("refund-stars-return"),))
    return ask_payee(refund) if refund.means in TO_AN_ACCOUNT else Reply(contact_lines(premises))


def _sending(refund: Refund) -> list[Job]:
    return [refund_stars_job(refund)] if refund.means is Means.STARS else []


def _event(kind: str, refund: Refund, who: str, detail: Mapping[str, object]) -> Event:
    about = {"refund": refund.id, "amount": refund.amount.minor}
    # Told of đồng since the first day: what is not said is đồng.
    currency = {} if refund.means is Means.VIETQR else {"currency": refund.amount.currency}
    return Event(kind, refund.order, who, {**about, **currency, **detail})
