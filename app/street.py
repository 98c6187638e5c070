"""Moves the house into the toy street; imported only when nothing real is configured."""

from app.opening import FIRST_SHOP
from app.settings import Settings
from app.setup import SAMPLE_BANK, SAMPLE_SENDER, Setup, sandbox_secrets
from app.webhook import street_webhook
from flows.premises import Admin
from gateways.registry import GATEWAYS
from sandbox.bank.accounts import BankAccount
from sandbox.clock import MovableClock
from sandbox.street import PREFIX, Street

PLAYED_BY = {"payos-payout": "payos", "sepay-pg": "sepay", "vnpay": "vnpay/paymentv2/vpcpay.html"}
"""Gateway → the part of the street that plays it, where that is not its name."""


async def open_street(settings: Settings, door: str) -> tuple[Street, Setup]:
    """Open the street in front of the house whose address is `door`."""
    clock = MovableClock()
    bank = settings.bank or SAMPLE_BANK
    gateways = sandbox_secrets(settings.sandbox_gateway)
    street = Street(clock, gateways, BankAccount(*bank), FIRST_SHOP, door)
    await street.open()
    setup = Setup(
        clock=clock,
        bank=bank,
        admins=(Admin("telegram", str(street.seller_chat)),),
        gateways=gateways,
        urls={each.name: f"{door}{PREFIX}/{PLAYED_BY.get(each.name, each.name)}" for each in GATEWAYS},
        base=door,
        telegram_url=f"{door}{street.telegram_url}",
        telegram_token=street.token,
        smtp_url=street.smtp_url,
        mail_from=SAMPLE_SENDER,
        back=f"{door}/back",
        webhook=street_webhook(settings, door),
    )
    return street, setup
