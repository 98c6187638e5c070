"""What the gateways of a shop need, sealed, and which of them are switched off."""

from collections.abc import Mapping

from sqlalchemy import delete, select

from sales.ids import ShopId
from storage.columns import insert_ignore
from storage.schema.gateways import gateway_secrets, gateway_switches
from storage.unit import Unit
from storage.vault import Vault


def place_of_secret(shop: ShopId, gateway: str, field: str) -> str:
    """Where a secret lies in the vault."""
    return f"{shop}/gateway_secrets/{gateway}/{field}"


def put_secret(unit: Unit, shop: ShopId, vault: Vault, gateway: str, field: str, secret: str) -> None:
    """Seal a secret in the place of the one that lies there, if any."""
    there = gateway_secrets.c
    same = (there.shop_id == shop) & (there.gateway == gateway) & (there.field == field)
    unit.conn.execute(delete(gateway_secrets).where(same))
    fill_secrets(unit, shop, vault, {gateway: {field: secret}})


def fill_secrets(unit: Unit, shop: ShopId, vault: Vault, given: Mapping[str, Mapping[str, str]]) -> None:
    """Seal what is not there yet, of gateway → field → secret; what lies there stays as it is."""
    for gateway, secrets in given.items():
        for field, secret in secrets.items():
            sealed = vault.seal(place_of_secret(shop, gateway, field), secret)
            row = {"shop_id": shop, "gateway": gateway, "field": field, "sealed": sealed, "updated_at": unit.now}
            unit.conn.execute(insert_ignore(gateway_secrets).values(row))


def secrets_of(unit: Unit, shop: ShopId, vault: Vault) -> dict[str, dict[str, str]]:
    """Gateway → field → secret, opened; raises Misconfigured when one does not open."""
    there = gateway_secrets.c
    query = select(there.gateway, there.field, there.sealed).where(there.shop_id == shop).order_by(there.id)
    found: dict[str, dict[str, str]] = {}
    for gateway, field, sealed in unit.conn.execute(query):
        found.setdefault(gateway, {})[field] = vault.unseal(place_of_secret(shop, gateway, field), sealed)
    return found


def switch(unit: Unit, shop: ShopId, gateway: str, *, off: bool) -> bool:
    """Switch a gateway off, or on again; False when it stands so already. Its secrets stay."""
    there = gateway_switches.c
    same = (there.shop_id == shop) & (there.gateway == gateway)
    stood = bool(unit.conn.execute(select(there.off).where(same)).scalar())
    unit.conn.execute(delete(gateway_switches).where(same))
    row = {"shop_id": shop, "gateway": gateway, "off": off, "updated_at": unit.now}
    unit.conn.execute(insert_ignore(gateway_switches).values(row))
    return stood is not off


def switched_off(unit: Unit, shop: ShopId) -> frozenset[str]:
    """The gateways that are switched off."""
    there = gateway_switches.c
    return frozenset(unit.conn.scalars(select(there.gateway).where(there.shop_id == shop, there.off == 1)))
