"""From the text of a shop file to what the house works with."""

import tomllib
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from pydantic import ValidationError

from app.shop_file.contradictions import contradictions
from app.shop_file.mistakes import BrokenShopFile, Mistake, by_line, mistake_of, not_toml
from app.shop_file.tables import AccountTable, FileTable, PlanTable, ProductTable
from sales.catalogue import CURRENCIES, FiledAccount, Kind, Link, Plan, Product, ShopFile
from sales.money import Money
from sales.way import Rule


def read_shop_file(path: Path) -> ShopFile:
    """Read a shop file; raises BrokenShopFile with every mistake in it."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = "mistake-not-utf8" if isinstance(error, UnicodeDecodeError) else "mistake-no-file"
        raise BrokenShopFile([Mistake(message, values={"path": str(path)})]) from error
    return parse_shop_file(text)


def parse_shop_file(text: str) -> ShopFile:
    """Read the text of a shop file; raises BrokenShopFile."""
    try:
        file = FileTable.model_validate(tomllib.loads(text, parse_float=Decimal))
    except ValidationError as error:
        raise BrokenShopFile(by_line(mistake_of(each, text) for each in error.errors())) from error
    except (ValueError, RecursionError) as error:
        # Beside its own error, TOML's reader lets out Python's: too many digits, nested too deep.
        raise BrokenShopFile([not_toml(error, text)]) from error
    if mistakes := by_line(contradictions(file, text)):
        raise BrokenShopFile(mistakes)
    return _shop_file(file)


def _shop_file(file: FileTable) -> ShopFile:
    shop = file.shop
    return ShopFile(
        name=shop.name,
        zone=shop.zone,
        language=shop.language,
        code_prefix=shop.code_prefix,
        email_optional=shop.email == "optional",
        payment_window=timedelta(minutes=shop.payment_minutes),
        monitoring=timedelta(hours=shop.monitoring_hours),
        products=tuple(_product(product) for product in file.product),
        contact=shop.contact,
        terms=shop.terms,
        accounts=tuple(_account(account) for account in file.account),
        tolerance=shop.tolerance,
        most_open=shop.open_orders,
        most_an_hour=shop.orders_an_hour,
    )


def _product(product: ProductTable) -> Product:
    return Product(
        slug=product.slug,
        kind=Kind(product.kind),
        name=product.name,
        description=product.description,
        activation=product.activation,
        download_url=product.download_url,
        links=tuple(Link(link.title, link.url) for link in product.link),
        plans=tuple(_plan(plan) for plan in product.plan),
    )


def _plan(plan: PlanTable) -> Plan:
    minors = plan.prices.model_dump(exclude_none=True)
    if plan.price is not None:
        minors["VND"] = plan.price
    prices = tuple(Money(minors[currency], currency) for currency in CURRENCIES if currency in minors)
    return Plan(plan.slug, plan.name, plan.days, prices, _rule(plan))


def _rule(plan: PlanTable) -> Rule:
    ways = plan.pay_with.model_dump(by_alias=True, exclude_none=True)
    return Rule(tuple(plan.sell_on or ()), {channel: tuple(named) for channel, named in ways.items()})


def _account(account: AccountTable) -> FiledAccount:
    return FiledAccount(account.bank, account.account, account.holder, account.word, account.virtual)
