"""`audit`: who has done what about an order or a refund."""

import sys

import click

from app.plainly import plainly


@click.command()
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
@plainly
def audit(code: str, as_json: bool) -> None:
    """Tell who has done what about an order or a refund, when, and how it stood before and after."""
    from app.audit_text import lines_of_audit, look_up
    from app.commands import look_at_shop
    from app.settings import read_settings
    from app.words import as_json as written
    from app.words import said

    told = look_at_shop(read_settings(), lambda unit, premises: look_up(unit, premises, code))
    if told is None:
        click.echo(said("audit-not-found", {}), err=True)
        sys.exit(1)
    click.echo(written(told["values"]) if as_json else "\n".join(lines_of_audit(told)))
