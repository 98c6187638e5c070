"""The tables of a shop file, as pydantic reads them."""

import re
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.shop_file.prices import Dollars, Dong, Riels, Stars
from gateways.registry import GATEWAYS
from sales.banks import AmbiguousBank, UnknownBank, find_bank
from sales.codes import BadPrefix, check_prefix
from sales.way import BANK

CONTACT_LENGTH = 100

MOST_TOLERANCE = 50_000
"""Đồng: what nobody forgives by mistake only."""

MOST_OPEN = 10
"""Open orders are shown to their buyer all at once, two buttons each."""


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("zone")
    return value


def _prefix(value: str) -> str:
    try:
        check_prefix(value)
    except BadPrefix as error:
        raise ValueError("prefix") from error
    return value


def _contact(value: str) -> str:
    """One line that people can read: it stands at the end of messages."""
    if len(value) > CONTACT_LENGTH or not value.isprintable() or value != value.strip():
        raise ValueError("contact")
    return value


def _holder(value: str) -> str:
    if not value.isprintable() or value != value.strip():
        raise ValueError("holder")
    return value


def _account(value: str) -> str:
    """As a VietQR holds it."""
    if not re.fullmatch(r"[0-9A-Za-z]{1,19}", value):
        raise ValueError("account")
    return value


def _word(value: str) -> str:
    """Beside the order's code it must find room in a memo of 25 signs."""
    if not re.fullmatch(r"[A-Z0-9]{1,10}", value):
        raise ValueError("word")
    return value


def _bin(value: str) -> str:
    """A bank's number, whatever the bank is called."""
    try:
        return find_bank(value).bin
    except AmbiguousBank as error:
        raise ValueError("bank-ambiguous") from error
    except UnknownBank as error:
        raise ValueError("bank-unknown") from error


def _way(value: str) -> str:
    """A transfer to the bank account, or a gateway that is a way of its own."""
    names = [BANK, *(each.name for each in GATEWAYS if each.currencies and not each.bank)]
    if value not in names:
        raise PydanticCustomError("literal_error", "", {"expected": ", ".join(f"'{name}'" for name in names)})
    return value


def _by_channel(value: object) -> object:
    """A mere list of ways is meant for every channel."""
    return value if isinstance(value, dict) else {"": _listed(value)}


def _listed(value: object) -> object:
    """A lone way is a slip that no other sentence fits."""
    if not isinstance(value, list):
        raise PydanticCustomError("ways", "")
    return value


Name = Annotated[str, Field(min_length=1, max_length=60)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
# Telegram refuses a whole message for a button whose host has no dot.
ADDRESS = r"https?://[^\s/]+\.[^\s/]+\S*"
Url = Annotated[str, Field(pattern=f"^{ADDRESS}$", max_length=500)]
MaybeUrl = Annotated[str, Field(pattern=f"^({ADDRESS})?$", max_length=500)]
Words = Annotated[str, Field(max_length=600)]
AccountNumber = Annotated[str, AfterValidator(_account)]

Channels = Annotated[list[Literal["telegram", "zalo"]], Field(min_length=1)]
Ways = Annotated[list[Annotated[str, AfterValidator(_way)]], Field(min_length=1), BeforeValidator(_listed)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class LinkTable(_Table):
    """`[[product.link]]`."""

    title: Name
    url: Url


class PricesTable(_Table):
    """`prices`: an amount a currency, in its minor units."""

    VND: Dong | None = None
    USD: Dollars | None = None
    KHR: Riels | None = None
    XTR: Stars | None = None


class WaysTable(_Table):
    """`pay_with`: ways a channel; `everywhere` are those of a mere list."""

    everywhere: Annotated[Ways | None, Field(alias="")] = None
    telegram: Ways | None = None
    zalo: Ways | None = None


class PlanTable(_Table):
    """`[[product.plan]]`; `price` is VND."""

    slug: Slug
    name: Name
    days: Annotated[int, Field(gt=0, le=36_500)] | None = None
    price: Dong | None = None
    prices: PricesTable = PricesTable()
    sell_on: Channels | None = None
    pay_with: Annotated[WaysTable, BeforeValidator(_by_channel)] = WaysTable()


class ProductTable(_Table):
    """`[[product]]`."""

    slug: Slug
    kind: Literal["licence", "course"]
    name: Name
    description: Words = ""
    activation: Words = ""
    download_url: MaybeUrl = ""
    link: list[LinkTable] = []
    plan: list[PlanTable] = Field(min_length=1)


class AccountTable(_Table):
    """`[[account]]`: where money arrives, beside the account that the settings name."""

    bank: Annotated[str, AfterValidator(_bin)]
    account: AccountNumber
    holder: Annotated[Name, AfterValidator(_holder)]
    word: Annotated[str, AfterValidator(_word)] = ""
    virtual: AccountNumber = ""


class ShopTable(_Table):
    """`[shop]`."""

    name: Name
    contact: Annotated[str, AfterValidator(_contact)] = ""
    terms: Words = ""
    zone: Annotated[str, AfterValidator(_zone)] = "Asia/Ho_Chi_Minh"
    language: Literal["vi", "en"] = "vi"
    code_prefix: Annotated[str, AfterValidator(_prefix)]
    email: Literal["optional", "required"] = "optional"
    payment_minutes: Annotated[int, Field(gt=0, le=1440)] = 30
    monitoring_hours: Annotated[int, Field(ge=0, le=720)] = 24
    tolerance: Annotated[int, Field(ge=0, le=MOST_TOLERANCE)] = 0
    open_orders: Annotated[int, Field(gt=0, le=MOST_OPEN)] = 3
    orders_an_hour: Annotated[int, Field(gt=0, le=100_000)] = 500


class FileTable(_Table):
    """The whole file."""

    shop: ShopTable
    account: list[AccountTable] = []
    product: list[ProductTable] = Field(min_length=1)
