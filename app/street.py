"""Moves the house into the toy street; imported only when nothing real is configured."""

from app.opening import FIRST_SHOP
from app.settings import Settings
from app.setup import SAMPLE_BANK, SAMPLE_SENDER, Setup, sandbox_secrets
from app.webhook import street_webhook
from flows.premises import Admin
from sandbox.bank.accounts import BankAccount
from sandbox.clock import MovableClock
from sandbox.street import Street


async def open_street(settings: Settings, door: str) -> tuple[Street, Setup]:
    """Open the street in front of the house whose address is `door`."""
    clock = MovableClock()
    bank = settings.bank or SAMPLE_BANK
    gateways = sandbox_secrets()
    street = Street(clock, gateways, BankAccount(*bank), FIRST_SHOP, door)
    await street.open()
    setup = Setup(
        clock=clock,
        bank=bank,
        admins=(Admin("telegram", str(street.seller_chat)),),
        gateways=gateways,
        telegram_url=f"{door}{street.telegram_url}",
        telegram_token=street.token,
        smtp_url=street.smtp_url,
        mail_from=SAMPLE_SENDER,
        payos_url=f"{door}{street.payos_url}",
        back=f"{door}/back",
        webhook=street_webhook(settings, door),
    )
    return street, setup
