"""The gateways of the shop, seen from the command line; it may be used while the shop runs."""

import asyncio
from collections.abc import Callable
from typing import Any

from app.commands import with_store
from app.doctor.door import address
from app.gateway_settings import SECRETS
from app.holdings import Holding, given_by, merge
from app.means import lacks_chat
from app.opening import look_at_holdings, visit_shop
from app.settings import Settings
from app.words import said
from flows.keep_secrets import keep_secret, switch_gateway
from flows.premises import Premises
from gateways.gateway import Gateway
from gateways.registry import GATEWAYS
from sales.errors import Misconfigured
from sales.visible import visible
from storage.store import Store
from storage.unit import Unit

LONGEST = 4096
"""Characters of the longest secret that is kept; real ones have some hundreds at most."""

FRESH = ("database-not-migrated", "shop-not-founded")


def known_gateway(name: str) -> Gateway:
    """The gateway of that name; raises Misconfigured with the names there are."""
    for each in GATEWAYS:
        if each.name == name:
            return each
    raise Misconfigured("gateway-unknown", name=name, known=", ".join(each.name for each in GATEWAYS))


def fields_to_set(settings: Settings, gateway: Gateway, field: str | None) -> tuple[str, ...]:
    """Which of a gateway's fields are meant, all of them when none is named.

    Raises Misconfigured for a field that it has not, and in the sandbox, which makes its own.
    """
    if settings.sandbox:
        raise Misconfigured("gateway-sandbox")
    if not gateway.names:
        raise Misconfigured("gateway-no-fields", gateway=gateway.name)
    if field is not None and field not in gateway.names:
        known = ", ".join(gateway.names)
        raise Misconfigured("gateway-field-unknown", gateway=gateway.name, name=field, known=known)
    return gateway.names if field is None else (field,)


def checked(text: str) -> str:
    """A secret as it was typed, without the blanks around it; raises Misconfigured for what is none."""
    secret = text.strip()
    if not secret:
        raise Misconfigured("gateway-value-blank")
    if len(secret) > LONGEST or visible(secret) != secret or any(letter.isspace() for letter in secret):
        raise Misconfigured("gateway-value-odd")
    return secret


def keep(settings: Settings, gateway: Gateway, field: str, secret: str) -> list[str]:
    """Seal a secret; answers what to say. Raises Misconfigured when there is no shop yet."""
    _in_shop(settings, lambda unit, premises: keep_secret(unit, premises, gateway.name, field, secret))
    told = [said("gateway-kept", {"gateway": gateway.name, "name": field})]
    if field in settings.gateway_secrets.get(gateway.name, {}):
        told.append(said("gateway-overruled", {"variable": SECRETS[gateway.name][field]}))
    return told


def switch(settings: Settings, gateway: Gateway, *, off: bool) -> str:
    """Switch a gateway off or on; answers what to say. Raises Misconfigured in the sandbox, which plays them all."""
    if settings.sandbox:
        raise Misconfigured("gateway-sandbox-switch")
    _in_shop(settings, lambda unit, premises: switch_gateway(unit, premises, gateway.name, off=off))
    return said("gateway-off" if off else "gateway-on", {"gateway": gateway.name})


def gateways_as_values(settings: Settings) -> list[dict[str, Any]]:
    """What `gateway list` tells, for programs, never a secret.

    Its `state`: open, off, incomplete (keys are not all there), chatless (the chat of its buyers is not) or closed.
    """
    return [_values(settings, each) for each in asyncio.run(_held(settings))]


def gateways_as_lines(settings: Settings) -> list[str]:
    """The same for people."""
    lines = [said("gateway-sandbox-list", {})] if settings.sandbox else []
    for told in gateways_as_values(settings):
        lines.append(said("gateway-line", {"gateway": told["gateway"], "state": told["state"]}))
        if told["webhook"]:
            host = "known" if settings.public_url else "unknown"
            lines.append(said("gateway-webhook", {"method": told["method"], "address": told["webhook"], "host": host}))
        lines += [said("gateway-field", field) for field in told["fields"]]
    return lines


async def _held(settings: Settings) -> tuple[Holding, ...]:
    """What is in force; before the first start there is nothing but the environment."""
    outside = merge(given_by(settings), {}, ())
    if settings.nothing_there:
        return outside
    try:
        return await with_store(settings.database, lambda store: look_at_holdings(store, settings))
    except Misconfigured as error:
        if error.message in FRESH:
            return outside
        raise


def _values(settings: Settings, held: Holding) -> dict[str, Any]:
    gateway = held.gateway
    return {
        "gateway": gateway.name,
        "state": _state(settings, held),
        "method": gateway.method or "",
        "webhook": address(settings, gateway.name) if gateway.method else "",
        "fields": [_field(held, name) for name in gateway.names],
    }


def _state(settings: Settings, held: Holding) -> str:
    if held.off:
        return "off"
    if held.complete:
        return "chatless" if lacks_chat(settings, held.gateway) else "open"
    return "incomplete" if held.begun else "closed"


def _field(held: Holding, name: str) -> dict[str, str]:
    """Its `state`: environment, overruling (the environment, while another one lies sealed), sealed, or none of them.

    Then it is an extra that is optional, spared by keys of another set, one of either set, or simply missing.
    """
    state = str(held.origins.get(name) or _absent(held, name))
    if name in held.differing:
        state = "overruling"
    return {"name": name, "variable": SECRETS[held.gateway.name][name], "state": state}


def _absent(held: Holding, name: str) -> str:
    if name in held.gateway.extras:
        return "optional"
    if held.complete:
        return "spared"
    return "either" if len(held.gateway.secrets) > 1 else "missing"


def _in_shop(settings: Settings, act: Callable[[Unit, Premises], object]) -> None:
    if settings.nothing_there:
        raise Misconfigured("gateway-no-shop")

    async def visit(store: Store) -> None:
        premises = await _visited(store, settings)
        await store.write(lambda unit: act(unit, premises))

    asyncio.run(with_store(settings.database, visit))


async def _visited(store: Store, settings: Settings) -> Premises:
    """A start makes all that a fresh shop lacks, so it is all that is asked for."""
    try:
        return await visit_shop(store, settings)
    except Misconfigured as error:
        raise (Misconfigured("gateway-no-shop") if error.message in FRESH else error) from None
