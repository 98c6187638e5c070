"""What is for sale: products, their plans, and a plan as it is offered."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from sales.ids import PlanId
from sales.money import Money
from sales.way import Rule

CURRENCIES = ("VND", "USD", "KHR", "XTR")
"""What a plan may cost something in, in the order in which its prices are shown."""


class Kind(StrEnum):
    """What a product hands over."""

    LICENCE = "licence"
    COURSE = "course"


@dataclass(frozen=True, slots=True)
class Link:
    """One address of a course."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A way to buy a product; `days` is None for a lifetime. `slug` is unique in the shop and never changes.

    `prices` are in different currencies; the first is the one it is shown at.
    """

    slug: str
    name: str
    days: int | None
    prices: tuple[Money, ...]
    rule: Rule = field(default_factory=Rule)


@dataclass(frozen=True, slots=True)
class Product:
    """Something for sale. `activation` tells how to use a licence key; `links` are what a course gives."""

    slug: str
    kind: Kind
    name: str
    description: str
    activation: str
    download_url: str
    links: tuple[Link, ...]
    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class FiledAccount:
    """A bank account as the shop file names it; see sales.shop.BankAccount."""

    bin: str
    account: str
    holder: str
    word: str = ""
    virtual: str = ""


@dataclass(frozen=True, slots=True)
class ShopFile:
    """Everything a shop file says. `accounts` are shown beside the one that the settings name."""

    name: str
    zone: str
    language: str
    code_prefix: str
    email_optional: bool
    payment_window: timedelta
    monitoring: timedelta
    products: tuple[Product, ...]
    contact: str = ""
    terms: str = ""
    accounts: tuple[FiledAccount, ...] = ()
    tolerance: int = 0
    most_open: int = 3
    most_an_hour: int = 500


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan on the shelf, with what its product hands over. `price` is the first of `prices`, which it is shown at."""

    plan: PlanId
    slug: str
    kind: Kind
    product_name: str
    plan_name: str
    days: int | None
    price: Money
    description: str
    activation: str
    download_url: str
    links: tuple[Link, ...]
    prices: tuple[Money, ...] = ()
    rule: Rule = field(default_factory=Rule)
