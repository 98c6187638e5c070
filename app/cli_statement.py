"""The command line of bank statements."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.plainly import plainly

if TYPE_CHECKING:
    from datetime import datetime


@click.group()
def statement() -> None:
    """Read bank statements, so that money no notice has told of is settled all the same."""


@statement.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--account", metavar="NUMBER", default="", help="Which account of the shop it is of.")
@click.option("--bank", metavar="NAME", default="", help="Under which name its layout is kept.")
@click.option("--sheet", metavar="NAME", default="", help="Which sheet of a spreadsheet; the first otherwise.")
@click.option("--header", "row", metavar="ROW", type=click.IntRange(min=0), help="Where the header stands; 0 for none.")
@click.option("--column", "columns", metavar="ROLE=COLUMN", multiple=True, help="Such as date=1 or memo=Details.")
@click.option("--remap", is_flag=True, help="Ask anew what the columns mean, although the layout is known.")
@click.option("--since", metavar="DAY", type=click.DateTime(["%Y-%m-%d"]), help="Pass over what was booked before.")
@click.option("--dry-run", is_flag=True, help="Only show what would happen.")
@click.option("--yes", is_flag=True, help="Ask nothing: take what was recognised, and import it.")
@plainly
def statement_import(  # noqa: PLR0913 - an option each
    *,
    file: Path,
    account: str,
    bank: str,
    sheet: str,
    row: int | None,
    columns: tuple[str, ...],
    remap: bool,
    since: "datetime | None",
    dry_run: bool,
    yes: bool,
) -> None:
    """Import the statement FILE (CSV or XLSX). Shows what would happen, and asks, before anything is written.

    The same statement again changes nothing. Exit code 1 when a line could not be taken.
    """
    from app.settings import read_settings
    from app.statement import day_in, open_desk
    from app.statement_lines import broken_lines, foreseen_lines, taken_lines
    from app.statement_wizard import Wizard, progress
    from app.words import said

    desk = open_desk(read_settings(), file, sheet, row)
    desk.since = day_in(desk.zone, since)
    Wizard(desk, asks=not yes).settle(account, bank, columns, remap=remap)
    with progress(desk.file.total, "statement-checking") as step:
        foreseen = desk.foresee(step)
    click.echo("\n".join(foreseen_lines(desk, foreseen)))
    if dry_run or not foreseen.lines:
        click.echo(said("statement-nothing-written", {}))
    elif yes or click.confirm(said("statement-ask", {"count": foreseen.lines})):
        with progress(desk.file.total, "statement-importing") as step:
            taken = desk.take(step)
        click.echo("\n".join(taken_lines(taken)))
        foreseen = taken
    else:
        click.echo(said("statement-nothing-written", {}))
    if foreseen.broken:
        click.echo("\n".join(broken_lines(foreseen)), err=True)
        sys.exit(1)


@statement.command("layouts")
@click.option("--forget", metavar="NUMBER", type=int, help="Let the layout of that number go.")
@plainly
def statement_layouts(forget: int | None) -> None:
    """List how the statements of each bank are read. Exit code 1 when there is none to forget."""
    from app.settings import read_settings
    from app.statement import forget_layout
    from app.statement_lines import layout_lines
    from app.words import said

    settings = read_settings()
    if forget is None:
        click.echo("\n".join(layout_lines(settings)))
        return
    gone = forget_layout(settings, forget)
    click.echo(said("statement-layout-gone" if gone else "statement-layout-unknown", {"number": forget}), err=not gone)
    if not gone:
        sys.exit(1)
