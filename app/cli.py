"""The command line. Help and version answer at once: each command imports what it needs when it runs."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app import __version__
from app.cli_audit import audit
from app.cli_gateways import gateway, vault
from app.cli_refunds import refunds
from app.cli_statement import statement
from app.plainly import plainly

if TYPE_CHECKING:
    from datetime import datetime

    from app.run import Role
    from flows.premises import Premises
    from storage.unit import Unit


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="chotdon")
def main() -> None:
    """Chốt Đơn: a chat shop that hands over licence keys and courses when the money is there."""


main.add_command(audit)
main.add_command(gateway)
main.add_command(refunds)
main.add_command(vault)
main.add_command(statement)


@main.command()
@plainly
def run() -> None:
    """Run bot, web server and worker in one process. Opens the sandbox when nothing is configured."""
    from app.run import Role

    _run(Role.ALL)


@main.command()
@plainly
def web() -> None:
    """Run only the web server (needs PostgreSQL)."""
    from app.run import Role

    _run(Role.WEB)


@main.command()
@plainly
def worker() -> None:
    """Run only bot and worker (needs PostgreSQL)."""
    from app.run import Role

    _run(Role.WORKER)


@main.command()
@plainly
def migrate() -> None:
    """Bring the database to the newest schema."""
    from app.commands import bring_to_head
    from app.settings import read_settings
    from app.words import said

    click.echo(said("database-at-head", {"url": bring_to_head(read_settings())}))


@main.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@plainly
def validate(file: Path | None) -> None:
    """Check the shop file: name each mistake with its place, and what should be looked at though it is right."""
    import asyncio

    from app.commands import holdings_in_force
    from app.means import means_of
    from app.settings import read_settings
    from app.shop_file import read_shop_file
    from app.shop_file.advice import MARK, advise
    from app.words import said

    settings = read_settings()
    path = file or settings.shop_file
    shop = read_shop_file(path)
    plans = sum(len(product.plans) for product in shop.products)
    counts = {"path": str(path), "products": str(len(shop.products)), "plans": str(plans)}
    click.echo(said("shop-file-fine", counts))
    held = asyncio.run(holdings_in_force(settings))
    for advice in advise(shop, None if settings.sandbox else means_of(settings, held, shop)):
        click.echo(f"{MARK} {said(advice.message, advice.values)}")


@main.command()
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
@plainly
def show(code: str, as_json: bool) -> None:
    """Tell the whole story of one order."""
    from app.order_text import look_up, order_lines
    from app.words import as_json as written
    from app.words import said
    from flows.show_order import show_order

    look = show_order if as_json else look_up
    told = _read(lambda unit, premises: look(unit, premises, code))
    if told is None:
        click.echo(said("order-unknown", {"code": code}), err=True)
        sys.exit(1)
    click.echo(written(told) if as_json else "\n".join(order_lines(told["says"], told["zone"])))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
@click.option("--csv", "table", is_flag=False, flag_value="-", metavar="[FILE]", help="A table; into a new FILE.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Only that day, by the shop's clocks.")
@click.option("--currency", type=click.Choice(["VND", "KHR", "USD", "XTR"], case_sensitive=False))
@plainly
def ledger(as_json: bool, table: str | None, day: "datetime | None", currency: str | None) -> None:
    """Explain where each dong is, line by line. Exit code 1 when the books do not add up."""
    from app.ledger import STDOUT, Form, Wanted, show
    from app.settings import read_settings

    form = Form.CSV if table else Form.JSON if as_json else Form.TEXT
    whole = show(read_settings(), Wanted(form, table or STDOUT, day.date() if day else None, currency))
    if not whole:
        sys.exit(1)


@main.command()
@click.argument("file", default="")
@click.option("--with-key", is_flag=True, help="Put the vault key inside too: guard such a file like a password.")
@plainly
def backup(file: str, with_key: bool) -> None:
    """Back the shop up into one new file, also while it runs. FILE may be a folder that is there."""
    import asyncio

    from app.backup import make_backup, place
    from app.settings import read_settings
    from app.words import said

    made = asyncio.run(make_backup(read_settings(), place(file), with_key=with_key))
    told = {"path": str(made.path), "rows": made.manifest.rows, "revision": made.manifest.revision}
    click.echo(said("backup-made", told | {"size": made.path.stat().st_size // 1024}))
    click.echo(said("backup-key-apart" if made.key else "backup-key-inside", {"place": made.key}))


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@plainly
def restore(file: Path) -> None:
    """Fill an empty database from a backup; never overwrites anything."""
    import asyncio

    from app.restore import restore_backup
    from app.settings import read_settings
    from app.words import said

    settings = read_settings()
    if settings.sandbox:
        click.echo(said("restore-sandbox", {"place": settings.database}))
    done = asyncio.run(restore_backup(settings, file))
    click.echo(said("restore-done", {"made": done.manifest.made_at, "rows": done.manifest.rows}))
    click.echo(said(done.key, {"place": done.place}))
    click.echo(said("restore-after", {}))


@main.command()
@click.option("--mail", "mail_to", metavar="ADDRESS", default="", help="Send a real test letter there.")
@click.option("--live", is_flag=True, help="Buy something for 1,000 dong, guided, through the shop that runs.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
@plainly
def doctor(mail_to: str, live: bool, as_json: bool) -> None:
    """Say what works, what is missing and what to do. Exit code 1 when something is broken."""
    import asyncio

    from app.doctor.examine import as_lines, as_values, examine, healthy
    from app.doctor.live import buy
    from app.settings import read_settings
    from app.words import as_json as written

    if live:
        sys.exit(0 if asyncio.run(buy(read_settings(), click.echo)) else 1)
    chart = asyncio.run(examine(read_settings(), mail_to))
    click.echo(written(as_values(chart)) if as_json else "\n".join(as_lines(chart)))
    if not healthy(chart):
        sys.exit(1)


@main.group()
def payos() -> None:
    """Settle things with payOS."""


@payos.command("confirm-webhook")
@plainly
def confirm_webhook() -> None:
    """Have payOS send its notices to PUBLIC_URL.

    The shop must be running. Exit code 1 when payOS refuses, 3 when it cannot be asked now.
    """
    from app.payos import confirm
    from app.settings import read_settings
    from app.words import said
    from sales.errors import GiveUp, Later

    try:
        url, channel = confirm(read_settings())
    except GiveUp as error:
        click.echo(said("payos-refused", {"reason": str(error)}), err=True)
        sys.exit(1)
    except Later as error:
        click.echo(said("payos-later", {"reason": str(error)}), err=True)
        sys.exit(3)
    known = {"account": channel.account, "holder": channel.holder}
    names = {"name": channel.name, "short": channel.short_name}
    click.echo(said("payos-confirmed", {"url": url} | known | names))


@main.group()
def admin() -> None:
    """Say who runs the shop from the chat. The shop may be running meanwhile."""


@admin.command("invite")
@plainly
def admin_invite() -> None:
    """Make a link that makes one person an admin. It works once, within 15 minutes."""
    from app.admin import invite
    from app.settings import read_settings

    click.echo("\n".join(invite(read_settings())))


@admin.command("list")
@plainly
def admin_list() -> None:
    """List the admins."""
    from app.admin import lines_of_admins
    from app.settings import read_settings

    click.echo("\n".join(lines_of_admins(read_settings())))


@admin.command("remove")
@click.argument("named", metavar="CHANNEL:ID")
@plainly
def admin_remove(named: str) -> None:
    """Let an admin go who had joined, such as telegram:123. Exit code 1 when that cannot be done."""
    from app.admin import remove
    from app.settings import read_settings

    told, gone = remove(read_settings(), named)
    click.echo(told, err=not gone)
    if not gone:
        sys.exit(1)


def _run(roles: "Role") -> None:
    import asyncio

    from app.logs import configure_logs
    from app.run import run as open_house
    from app.settings import read_settings

    settings = read_settings()
    configure_logs(settings.log_level)
    asyncio.run(open_house(settings, roles))


def _read(look: "Callable[[Unit, Premises], dict[str, Any] | None]") -> dict[str, Any] | None:
    from app.commands import look_at_shop
    from app.settings import read_settings

    return look_at_shop(read_settings(), look)
