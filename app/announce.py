"""What a start tells: on the screen for who sits there, in the log for who reads later, in chat for the admins."""

from collections.abc import Sequence
from pathlib import Path

import click
import structlog

from app.doctor.door import SHOWN
from app.holdings import Holding, given_by
from app.house import House
from app.opening import holdings
from app.settings import Settings, terminal_language
from app.setup import Setup
from app.vault_key import key_to_set
from flows.admins import admins_of
from flows.messages import Say
from flows.premises import Admin, Premises
from flows.send_reply import admin_jobs
from gateways.registry import GATEWAYS
from locales import plain
from sales.shop import BankAccount
from storage import accounts, work
from storage.unit import Unit

log = structlog.get_logger(__name__)


async def announce(settings: Settings, setup: Setup, house: House, base: str, new_key: Path | None) -> None:
    """Say that the shop is open, where, what is missing, and which key must be kept safe."""
    admins = await house.store.read(lambda unit: admins_of(unit, house.premises))
    shown = await house.store.read(lambda unit: accounts.shown_accounts(unit, house.premises.shop.id))
    missing = what_is_missing(setup, house.premises, admins, shown)
    begun = [] if settings.sandbox else await house.store.read(lambda unit: _begun(unit, house.premises, settings))
    log.info("shop.open", shop=house.premises.shop.slug, sandbox=settings.sandbox, missing=missing)
    lines = [_open_line(settings, base), *((f"start-no-{each}", {}) for each in missing)]
    if idle := settings.idle:
        lines.append(("settings-idle", {"name": idle}))
    lines += [("gateway-begun", {"gateway": _shown(each), "missing": ", ".join(each.lacking)}) for each in begun]
    if left := key_to_set(settings):
        lines.append(("vault-next-left", {"path": str(left)}))
    if new_key is not None:
        lines.append(("start-vault-key", {"path": str(new_key)}))
    for message, values in lines:
        click.echo(plain(house.texts.say(terminal_language(), message, values)))
    if "mail" in missing:
        await house.store.write(lambda unit: _tell_admins(unit, house))


def what_is_missing(
    setup: Setup, premises: Premises, admins: Sequence[Admin], shown: Sequence[BankAccount]
) -> list[str]:
    """Names of what a real shop should have and has not; `shown` are the accounts that buyers are shown.

    Links need no account of its own, and tell of their money; neither does who is paid elsewhere alone.
    """
    used = [each for each in GATEWAYS if each.name in setup.gateways]
    watched = any(each.bank for each in used)
    elsewhere = any(each.names and each.currencies and not each.bank for each in used)
    links = premises.gateway.open_invoice is None
    parts = {
        "telegram": setup.telegram_token,
        "bank": shown or (links and premises.spare is None) or (elsewhere and not watched),
        "casso": watched or (elsewhere and not shown),
        "mail": setup.smtp_url and setup.mail_from,
        "admins": admins,
    }
    return [name for name, part in parts.items() if not part]


def _shown(held: Holding) -> str:
    return SHOWN.get(held.gateway.name, held.gateway.name)


def _begun(unit: Unit, premises: Premises, settings: Settings) -> list[Holding]:
    """Gateways of a real shop whose keys are there in part."""
    held = holdings(unit, premises.shop, premises.vault, given_by(settings))
    return [each for each in held if each.begun]


def _open_line(settings: Settings, base: str) -> tuple[str, dict[str, str]]:
    if settings.sandbox:
        return "start-sandbox", {"url": f"{base}/sandbox"}
    return "start-open", {"url": base or "-", "public": settings.public_url or "-"}


def _tell_admins(unit: Unit, house: House) -> None:
    """Once a day at most, however often the program is started."""
    day = unit.now.date().isoformat()
    jobs = admin_jobs(unit, house.premises, [Say("admin-mail-missing")], f"mail-missing:{day}")
    work.enqueue(unit, house.premises.shop.id, jobs)
