"""Ask the buyer to pay: what the gateway needs to say is worded at once, or a payment link is asked for by a job."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.links import opening_job
from flows.premises import Plug, Premises
from flows.show_card import show_card
from flows.ways import order_ways
from gateways.gateway import Invoice
from sales.errors import NotConfigured
from sales.khqr import digest
from sales.money import Money
from sales.people import Peer
from sales.purchase import Attempt, Order
from sales.shop import BankAccount
from sales.way import Way
from storage import accounts, orders, shops, work
from storage.unit import Unit

MAC_BYTES = 16


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one attempt is to bring in: the rest of an order, by one way, until then (UTC)."""

    peer: Peer
    order: Order
    amount: Money
    until: datetime


def ask_to_pay(
    unit: Unit, premises: Premises, peer: Peer, order: Order, amount: Money, until: datetime, way: Way | None = None
) -> None:
    """Write one more attempt to pay an order; its card is shown at once, or when the gateway has made the link.

    Without a way it is the first that takes this currency. Raises NotConfigured when there is none.
    """
    wanted = Wanted(peer, order, amount, until)
    by = way or _first_way(unit, premises, wanted)
    if by.bank and premises.gateway.open_invoice is None:
        _ask_for_link(unit, premises, wanted)
    elif by.bank:
        _word(unit, premises, Plug(premises.gateway, {}), wanted, accounts.account(unit, premises.shop.id, by.account))
    elif plug := premises.plug(by.gateway):
        _word(unit, premises, plug, wanted, None)
    else:
        raise NotConfigured(f"{by.gateway} is not open")


def way_of(premises: Premises, attempt: Attempt) -> Way:
    """The way an attempt went."""
    bank = attempt.gateway in {each.name for each in (premises.gateway, premises.spare) if each}
    drawn = bank and premises.gateway.open_invoice is not None
    name = premises.gateway.name if bank else attempt.gateway
    return Way(name, attempt.amount.currency, (attempt.bank_account or 0) if drawn else 0, bank)


def show_own_qr(unit: Unit, premises: Premises, wanted: Wanted) -> None:
    """Let the spare gateway draw a QR code to the first account shown; raises NotConfigured when there is none."""
    account = accounts.shown_account(unit, premises.shop.id)
    if account is None or premises.spare is None:
        raise NotConfigured("no bank account to pay to")
    _word(unit, premises, Plug(premises.spare, {}), wanted, account)


def qr_digest(qr: str) -> str:
    """Name a QR text in few characters, as `attempts.qr_md5` keeps it; Bakong is asked by it."""
    return digest(qr)


def pay_page_mac(premises: Premises, gateway: str, number: int) -> str:
    """What makes the address of a payment page unguessable."""
    return premises.vault.hash("pay page", f"{gateway}/{number}")[:MAC_BYTES].hex()


def _first_way(unit: Unit, premises: Premises, wanted: Wanted) -> Way:
    found = order_ways(unit, premises, wanted.order, wanted.peer.channel)
    fitting = (way for way in found if way.currency == wanted.amount.currency)
    if (way := next(fitting, None)) is None:
        raise NotConfigured("no way to pay")
    return way


def _ask_for_link(unit: Unit, premises: Premises, wanted: Wanted) -> None:
    shop = premises.shop.id
    account = accounts.shown_account(unit, shop)
    number = shops.next_attempt_number(unit, shop)
    unknown = dict.fromkeys(("bin", "account", "holder", "memo", "qr", "qr_md5"), "")
    values = _attempt(premises.gateway.name, number, wanted) | unknown
    values |= {"bank_account_id": account and account.id, "state": "asked"}
    attempt = orders.add_attempt(unit, shop, values)
    work.enqueue(unit, shop, [opening_job(wanted.order.id, attempt.id)])


def _word(unit: Unit, premises: Premises, plug: Plug, wanted: Wanted, bank: BankAccount | None) -> None:
    """Have the gateway word the attempt, keep it, and show its card."""
    gateway, shop = plug.gateway, premises.shop
    assert gateway.open_invoice is not None, "a gateway that makes links is asked by a job"
    number = shops.next_attempt_number(unit, shop.id)
    invitation = gateway.open_invoice(plug.secrets, _invoice(unit, premises, plug, wanted, number, bank))
    shown = {
        "bank_account_id": bank and bank.id,
        "bin": invitation.bin,
        "account": invitation.account,
        "holder": invitation.holder,
        "memo": invitation.memo,
        "qr": invitation.qr,
        "qr_md5": qr_digest(invitation.qr),
        "link_url": invitation.url,
        "state": "open",
    }
    attempt = orders.add_attempt(unit, shop.id, _attempt(gateway.name, number, wanted) | shown)
    show_card(unit, premises, wanted.peer, wanted.order, attempt)


def _invoice(
    unit: Unit, premises: Premises, plug: Plug, wanted: Wanted, number: int, bank: BankAccount | None
) -> Invoice:
    shop, name = premises.shop, plug.gateway.name
    page = f"{premises.base}/pay/{shop.slug}/{name}/{number}-{pay_page_mac(premises, name, number)}"
    return Invoice(
        number=number,
        code=wanted.order.code,
        amount=wanted.amount,
        made_at=unit.now,
        until=wanted.until,
        bank=bank,
        url=plug.url,
        base=premises.base,
        page=page if premises.base else "",
        slug=shop.slug,
        shop=shop.name,
        language=wanted.peer.language,
    )


def _attempt(gateway: str, number: int, wanted: Wanted) -> dict[str, Any]:
    return {
        "order_id": wanted.order.id,
        "gateway": gateway,
        "number": number,
        "currency": wanted.amount.currency,
        "amount": wanted.amount.minor,
        "expires_at": wanted.until,
    }
