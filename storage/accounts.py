"""The bank accounts of a shop: which of them buyers are shown, and all that ever were its own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from sales.catalogue import FiledAccount
from sales.ids import ShopId
from sales.shop import BankAccount
from storage.schema.shop import bank_accounts
from storage.unit import Unit

_OWN = select(bank_accounts.c.id, bank_accounts.c.account, bank_accounts.c.virtual).where(
    bank_accounts.c.shop_id == bindparam("shop")
)
_SHOWN = (
    select(bank_accounts)
    .where(bank_accounts.c.shop_id == bindparam("shop"), bank_accounts.c.shown == 1)
    .order_by(bank_accounts.c.position, bank_accounts.c.id)
)


def show_accounts(unit: Unit, shop: ShopId, accounts: Sequence[FiledAccount]) -> None:
    """Make these, and no others, what buyers are shown, in this order; each account stands in it once.

    Those that are shown no more stay known as the shop's own.
    """
    unit.conn.execute(update(bank_accounts).where(bank_accounts.c.shop_id == shop).values(shown=False))
    for position, account in enumerate(accounts):
        _show(unit, shop, account, position)


def shown_accounts(unit: Unit, shop: ShopId) -> list[BankAccount]:
    """The accounts buyers are shown, as they were given."""
    return [_account(row) for row in unit.conn.execute(_SHOWN, {"shop": shop})]


def all_accounts(unit: Unit, shop: ShopId) -> list[BankAccount]:
    """The accounts that buyers are shown, then those that the shop has shown before."""
    query = select(bank_accounts).where(bank_accounts.c.shop_id == shop)
    rows = unit.conn.execute(query.order_by(bank_accounts.c.shown.desc(), bank_accounts.c.position, bank_accounts.c.id))
    return [_account(row) for row in rows]


def shown_account(unit: Unit, shop: ShopId) -> BankAccount | None:
    """The first account buyers are shown, or None."""
    return next(iter(shown_accounts(unit, shop)), None)


def account(unit: Unit, shop: ShopId, account_id: int) -> BankAccount:
    """An account of the shop by its id."""
    query = select(bank_accounts).where(bank_accounts.c.shop_id == shop, bank_accounts.c.id == account_id)
    return _account(unit.conn.execute(query).one())


def own_accounts(unit: Unit, shop: ShopId) -> dict[str, int]:
    """Account number → id, of every account that is or was the shop's; a virtual number leads to the real account."""
    rows = unit.conn.execute(_OWN, {"shop": shop}).all()
    virtual = {row.virtual: row.id for row in rows if row.virtual}
    return virtual | {row.account: row.id for row in rows}


def _show(unit: Unit, shop: ShopId, account: FiledAccount, position: int) -> None:
    values: dict[str, Any] = {"holder": account.holder, "word": account.word, "virtual": account.virtual}
    values |= {"shown": True, "position": position}
    same = (bank_accounts.c.bin == account.bin) & (bank_accounts.c.account == account.account)
    updated = update(bank_accounts).where(bank_accounts.c.shop_id == shop, same).values(values)
    if not unit.conn.execute(updated).rowcount:
        values |= {"shop_id": shop, "bin": account.bin, "account": account.account, "created_at": unit.now}
        unit.conn.execute(insert(bank_accounts).values(values))


def _account(row: Row[Any]) -> BankAccount:
    return BankAccount(row.id, row.bin, row.account, row.holder, row.word, row.virtual)
