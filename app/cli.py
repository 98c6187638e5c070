"""The command line. Help and version answer at once: each command imports what it needs when it runs."""

import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app import __version__

if TYPE_CHECKING:
    from app.run import Role
    from flows.premises import Premises
    from storage.unit import Unit


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="chotdon")
def main() -> None:
    """Chốt Đơn: a chat shop that hands over licence keys and courses when the money is there."""


def plainly(command: Callable[..., None]) -> Callable[..., None]:
    """Turn what the seller must mend into plain words and exit code 2; bugs stay bugs."""

    @wraps(command)
    def run(*args: Any, **values: Any) -> None:
        from app.shop_file import BrokenShopFile
        from app.words import mistakes, said
        from sales.errors import Misconfigured, StoreBusy

        try:
            command(*args, **values)
        except BrokenShopFile as broken:
            click.echo("\n".join(mistakes(broken.mistakes)), err=True)
            sys.exit(2)
        except Misconfigured as error:
            click.echo(said(error.message, error.values), err=True)
            sys.exit(2)
        except StoreBusy as error:
            click.echo(said("database-unreachable", {"reason": str(error)}), err=True)
            sys.exit(3)

    return run


@main.command()
@plainly
def run() -> None:
    """Run bot, web server and worker in one process; the sandbox when nothing is configured."""
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
    """Check the shop file and name each mistake with its place."""
    from app.settings import read_settings
    from app.shop_file import read_shop_file
    from app.words import said

    path = file or read_settings().shop_file
    shop = read_shop_file(path)
    plans = sum(len(product.plans) for product in shop.products)
    counts = {"path": str(path), "products": str(len(shop.products)), "plans": str(plans)}
    click.echo(said("shop-file-fine", counts))


@main.command()
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
@plainly
def show(code: str, as_json: bool) -> None:
    """Show all there is of one order."""
    from app.words import said
    from flows.show_order import show_order

    told = _read(lambda unit, premises: show_order(unit, premises, code))
    if told is None:
        click.echo(said("order-unknown", {"code": code}), err=True)
        sys.exit(1)
    _print(told, as_json)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
@plainly
def ledger(as_json: bool) -> None:
    """Show where each đồng is; exit code 1 when the ledger does not sum to zero."""
    from flows.show_ledger import show_ledger

    told = _read(show_ledger)
    assert told is not None
    _print(told, as_json)
    if not told["balanced"]:
        sys.exit(1)


@main.command()
@plainly
def doctor() -> None:
    """Say what works, what is missing and what to do; exit code 1 when something is broken."""
    from app.doctor import examine
    from app.settings import read_settings

    lines, healthy = examine(read_settings())
    click.echo("\n".join(lines))
    if not healthy:
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


def _print(told: dict[str, Any], as_json: bool) -> None:
    from app.words import as_text

    click.echo(json.dumps(told, ensure_ascii=False, indent=2) if as_json else as_text(told))
