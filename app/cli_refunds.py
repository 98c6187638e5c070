"""The command line of refunds."""

from pathlib import Path

import click

from app.plainly import plainly


@click.group()
def refunds() -> None:
    """Pay refunds that are owed."""


@refunds.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@plainly
def refunds_export(file: Path) -> None:
    """Write all refunds that can be sent by VietQR into one new FILE (.xlsx or .csv), to be paid in one go.

    The file holds whole account numbers. Each is closed when the bank tells of the money, or by "sent" in the chat.
    """
    from app.refunds import export
    from app.settings import read_settings

    click.echo("\n".join(export(read_settings(), file)))
