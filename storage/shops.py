"""Shops, and the counters that number orders and payment attempts."""

from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, insert, select, update

from sales.catalogue import ShopFile
from sales.codes import CODES
from sales.errors import Misconfigured
from sales.ids import ShopId
from sales.shop import Shop
from storage.schema.shop import shops
from storage.unit import Unit
from storage.vault import Vault

ORDERS_LEAPT = 10_000
"""Orders that may have been placed after a backup: their codes, out of 45 millions, are never given out again."""

_LAST_ATTEMPT = 2**53 - 1
"""The largest number that payOS takes for a payment link."""

CHECK_PLACE = "shops/vault_check"
"""Where the word lies in the vault that tells whether a key is the right one."""

_CHECK_WORD = "open sesame"


def find(unit: Unit, slug: str) -> Shop | None:
    """The shop of that slug, or None."""
    row = unit.conn.execute(select(shops).where(shops.c.slug == slug)).one_or_none()
    return None if row is None else _shop(row)


def founded(unit: Unit, shop: ShopId) -> datetime:
    """When the shop was opened for the first time (UTC)."""
    at: datetime = unit.conn.execute(select(shops.c.created_at).where(shops.c.id == shop)).scalar_one()
    return at


def create(unit: Unit, slug: str, file: ShopFile, vault: Vault) -> Shop:
    """Found a shop; its code key is made here, once.

    Attempts are numbered from the second of the founding on: a gateway takes no number twice, and may remember
    those of an earlier shop.
    """
    values = _settings(file) | {
        "slug": slug,
        "code_prefix": file.code_prefix,
        "code_key": token_bytes(32),
        "vault_check": vault.seal(CHECK_PLACE, _CHECK_WORD),
        "attempt_seq": int(unit.now.timestamp()),
        "created_at": unit.now,
    }
    return _shop(unit.conn.execute(insert(shops).values(values).returning(shops)).one())


def reconcile(unit: Unit, shop: Shop, file: ShopFile) -> Shop:
    """Take over what the shop file says today; raises Misconfigured for a changed code prefix."""
    if shop.code_prefix != file.code_prefix:
        raise Misconfigured("shop-prefix-fixed")
    values = _settings(file)
    return _shop(unit.conn.execute(update(shops).where(shops.c.id == shop.id).values(values).returning(shops)).one())


def try_vault(unit: Unit, shop: Shop, vault: Vault, *, hold: bool = False) -> None:
    """Raise Misconfigured when this vault is not the shop's; with `hold` it stays so until the Unit ends."""
    query = select(shops.c.vault_check).where(shops.c.id == shop.id)
    vault.unseal(CHECK_PLACE, unit.conn.execute(query.with_for_update() if hold else query).scalar_one())


def vault_check(unit: Unit, slug: str) -> bytes | None:
    """The sealed word by which a vault is tried, None without a shop of that slug; older schemas have it too."""
    sealed: bytes | None = unit.conn.execute(select(shops.c.vault_check).where(shops.c.slug == slug)).scalar()
    return sealed


def opens(vault: Vault, sealed: bytes | None) -> bool:
    """Whether this vault opens that word."""
    try:
        vault.unseal(CHECK_PLACE, sealed or b"")
    except Misconfigured:
        return False
    return True


def next_order_number(unit: Unit, shop: ShopId) -> int:
    """Draw the next order number, from 0; a number is never drawn twice."""
    raised = update(shops).where(shops.c.id == shop).values(order_seq=shops.c.order_seq + 1)
    return int(unit.conn.execute(raised.returning(shops.c.order_seq)).scalar_one()) - 1


def next_attempt_number(unit: Unit, shop: ShopId) -> int:
    """Draw the next payment attempt's number; each is one higher than the last."""
    return _raise_attempts(unit, shop, shops.c.attempt_seq + 1)


def leap_attempt_number(unit: Unit, shop: ShopId) -> int:
    """Draw the next number past all that this shop may have used in rows which were lost: at least the second of now.

    They are counted from the second of its founding, and far fewer than one a second are drawn.
    """
    return _raise_attempts(unit, shop, _at_least(shops.c.attempt_seq + 1, unit))


def leap_numbers(unit: Unit) -> None:
    """Go on counting past what may have been given out after a backup was made.

    Raises Misconfigured when a counter stands where no shop of ours can have brought it.
    """
    counted = shops.c.order_seq.between(0, CODES) & shops.c.attempt_seq.between(0, _LAST_ATTEMPT)
    leap = {"order_seq": shops.c.order_seq + ORDERS_LEAPT, "attempt_seq": _at_least(shops.c.attempt_seq, unit)}
    leapt = unit.conn.execute(update(shops).where(counted).values(leap)).rowcount
    if leapt != unit.conn.scalar(select(func.count()).select_from(shops)):
        raise Misconfigured("restore-broken", part=shops.name)


def _raise_attempts(unit: Unit, shop: ShopId, to: ColumnElement[int]) -> int:
    raised = update(shops).where(shops.c.id == shop).values(attempt_seq=to).returning(shops.c.attempt_seq)
    return int(unit.conn.execute(raised).scalar_one())


def _at_least(number: ColumnElement[int], unit: Unit) -> ColumnElement[int]:
    now = int(unit.now.timestamp())
    return case((number > now, number), else_=now)


def _settings(file: ShopFile) -> dict[str, object]:
    return {
        "name": file.name,
        "zone": file.zone,
        "language": file.language,
        "email_optional": file.email_optional,
        "payment_seconds": int(file.payment_window.total_seconds()),
        "monitoring_seconds": int(file.monitoring.total_seconds()),
        "contact": file.contact,
        "terms": file.terms,
        "tolerance": file.tolerance,
        "most_open": file.most_open,
        "most_an_hour": file.most_an_hour,
    }


def _shop(row: Row[Any]) -> Shop:
    return Shop(
        ShopId(row.id),
        row.slug,
        row.name,
        row.zone,
        row.language,
        row.code_prefix,
        row.code_key,
        row.email_optional,
        timedelta(seconds=row.payment_seconds),
        timedelta(seconds=row.monitoring_seconds),
        row.contact,
        row.terms,
        row.tolerance,
        row.most_open,
        row.most_an_hour,
    )
