"""The command line of gateways and of the vault that holds their keys."""

import sys
from pathlib import Path

import click

from app.plainly import plainly


@click.group()
def gateway() -> None:
    """Say which gateways the shop uses, and give it their keys."""


@gateway.command("list")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
@plainly
def gateway_list(as_json: bool) -> None:
    """List the gateways: which are open, which of their keys are there, and the address to give to each."""
    from app.gateway_desk import gateways_as_lines, gateways_as_values
    from app.settings import read_settings
    from app.words import as_json as written

    settings = read_settings()
    click.echo(written(gateways_as_values(settings)) if as_json else "\n".join(gateways_as_lines(settings)))


@gateway.command("set")
@click.argument("name", metavar="GATEWAY")
@click.argument("field", required=False)
@plainly
def gateway_set(name: str, field: str | None) -> None:
    """Keep a key, sealed. It is asked for without being shown, or read from standard input; never given as a word.

    Without FIELD each key of the gateway is asked for; what is left empty stays as it is.
    """
    from app.gateway_desk import checked, fields_to_set, keep, known_gateway
    from app.settings import read_settings
    from app.words import said
    from sales.errors import Misconfigured

    settings, chosen = read_settings(), known_gateway(name)
    fields = fields_to_set(settings, chosen, field)
    asked = sys.stdin.isatty()
    if not asked and len(fields) > 1:
        raise Misconfigured("gateway-name-field", gateway=name, known=", ".join(fields))
    for each in fields:
        given = _hidden(said("gateway-prompt", {"gateway": name, "name": each})) if asked else _piped()
        if given.strip() or len(fields) == 1:
            click.echo("\n".join(keep(settings, chosen, each, checked(given))))


@gateway.command("off")
@click.argument("name", metavar="GATEWAY")
@plainly
def gateway_off(name: str) -> None:
    """Use a gateway no longer. Its keys stay, and its door answers 404 from the next start on."""
    _switch(name, off=True)


@gateway.command("on")
@click.argument("name", metavar="GATEWAY")
@plainly
def gateway_on(name: str) -> None:
    """Use a gateway again that was switched off."""
    _switch(name, off=False)


@click.group()
def vault() -> None:
    """Look after the key that keys lie sealed with."""


@vault.command("rotate")
@click.option("--to", metavar="FILE", type=click.Path(path_type=Path), help="Where the new VAULT_KEY is written.")
@plainly
def vault_rotate(to: Path | None) -> None:
    """Make a new vault key and seal everything anew. The shop must not be running."""
    from app.rotate import rotate
    from app.settings import read_settings

    click.echo("\n".join(rotate(read_settings(), to)))


def _switch(name: str, *, off: bool) -> None:
    from app.gateway_desk import known_gateway, switch
    from app.settings import read_settings

    click.echo(switch(read_settings(), known_gateway(name), off=off))


def _hidden(question: str) -> str:
    return str(click.prompt(question, hide_input=True, default="", show_default=False))


def _piped() -> str:
    """What standard input holds; bytes that are no text make a key that is refused."""
    from app.gateway_desk import LONGEST

    return sys.stdin.buffer.read(4 * LONGEST + 1).decode("utf-8", "surrogateescape")
