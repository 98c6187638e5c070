"""Shops, their bank accounts, and the counters that number orders and payment attempts."""

from datetime import timedelta
from secrets import token_bytes
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, case, func, insert, select, update

from sales.catalogue import ShopFile
from sales.codes import CODES
from sales.errors import Misconfigured
from sales.ids import ShopId
from sales.shop import BankAccount, Shop
from storage.schema.shop import bank_accounts, shops
from storage.unit import Unit
from storage.vault import Vault

_OWN_ACCOUNTS = select(bank_accounts.c.account, bank_accounts.c.id).where(bank_accounts.c.shop_id == bindparam("shop"))

ORDERS_LEAPT = 10_000
"""Orders that may have been placed after a backup: their codes, out of 45 millions, are never given out again."""

_LAST_ATTEMPT = 2**53 - 1
"""The largest number that payOS takes for a payment link."""

_CHECK_PLACE = "shops/vault_check"
_CHECK_WORD = "open sesame"


def find(unit: Unit, slug: str) -> Shop | None:
    """The shop of that slug, or None."""
    row = unit.conn.execute(select(shops).where(shops.c.slug == slug)).one_or_none()
    return None if row is None else _shop(row)


def create(unit: Unit, slug: str, file: ShopFile, vault: Vault) -> Shop:
    """Found a shop; its code key is made here, once.

    Attempts are numbered from the second of the founding on: a gateway takes no number twice, and may remember
    those of an earlier shop.
    """
    values = _settings(file) | {
        "slug": slug,
        "code_prefix": file.code_prefix,
        "code_key": token_bytes(32),
        "vault_check": vault.seal(_CHECK_PLACE, _CHECK_WORD),
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


def try_vault(unit: Unit, shop: Shop, vault: Vault) -> None:
    """Raise Misconfigured when this vault is not the one the shop was founded with."""
    sealed = unit.conn.execute(select(shops.c.vault_check).where(shops.c.id == shop.id)).scalar_one()
    vault.unseal(_CHECK_PLACE, sealed)


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


def show_account(unit: Unit, shop: ShopId, bank: str, account: str, holder: str) -> None:
    """Make this the account buyers are shown; earlier ones stay known as the shop's own."""
    unit.conn.execute(update(bank_accounts).where(bank_accounts.c.shop_id == shop).values(shown=False))
    same = (bank_accounts.c.shop_id == shop) & (bank_accounts.c.bin == bank) & (bank_accounts.c.account == account)
    if not unit.conn.execute(update(bank_accounts).where(same).values(shown=True, holder=holder)).rowcount:
        row = {"shop_id": shop, "bin": bank, "account": account, "holder": holder, "shown": True}
        unit.conn.execute(insert(bank_accounts).values(row | {"created_at": unit.now}))


def shown_account(unit: Unit, shop: ShopId) -> BankAccount | None:
    """The account buyers are shown, or None."""
    query = select(bank_accounts).where(bank_accounts.c.shop_id == shop, bank_accounts.c.shown == 1)
    row = unit.conn.execute(query).one_or_none()
    return None if row is None else _account(row)


def account(unit: Unit, shop: ShopId, account_id: int) -> BankAccount:
    """An account of the shop by its id."""
    query = select(bank_accounts).where(bank_accounts.c.shop_id == shop, bank_accounts.c.id == account_id)
    return _account(unit.conn.execute(query).one())


def own_accounts(unit: Unit, shop: ShopId) -> dict[str, int]:
    """Account number → id, of every account that is or was the shop's."""
    return {number: id_ for number, id_ in unit.conn.execute(_OWN_ACCOUNTS, {"shop": shop})}


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
    )


def _account(row: Row[Any]) -> BankAccount:
    return BankAccount(row.id, row.bin, row.account, row.holder)
