"""The shop file: read strictly, and every mistake told in plain words with its place."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from app.shop_places import Place, line_of
from sales.catalogue import Kind, Link, Plan, Product, ShopFile
from sales.codes import BadPrefix, check_prefix
from sales.money import Money
from sales.vietqr import LARGEST

CONTACT_LENGTH = 100

_PRICE_TAG = re.compile(r"=\s*([0-9]{1,3}(?:[.,][0-9]{3})+)\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, where: `message` is an id in locales/, `place` a path such as ("product", 0, "plan", 1).

    `line` counts from 1; 0 when the place has no line of its own.
    """

    message: str
    place: Place = ()
    line: int = 0
    values: dict[str, str] = field(default_factory=dict)


class BrokenShopFile(Exception):
    """The file's mistakes, all of them."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(f"{len(mistakes)} mistakes")
        self.mistakes = mistakes


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


Name = Annotated[str, Field(min_length=1, max_length=60)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
# Telegram refuses a whole message for a button whose host has no dot.
ADDRESS = r"https?://[^\s/]+\.[^\s/]+\S*"
Url = Annotated[str, Field(pattern=f"^{ADDRESS}$", max_length=500)]
MaybeUrl = Annotated[str, Field(pattern=f"^({ADDRESS})?$", max_length=500)]
Words = Annotated[str, Field(max_length=600)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Link(_Table):
    title: Name
    url: Url


class _Plan(_Table):
    slug: Slug
    name: Name
    days: Annotated[int, Field(gt=0, le=36_500)] | None = None
    price: Annotated[int, Field(gt=0, le=LARGEST)]


class _Product(_Table):
    slug: Slug
    kind: Literal["licence", "course"]
    name: Name
    description: Words = ""
    activation: Words = ""
    download_url: MaybeUrl = ""
    link: list[_Link] = []
    plan: list[_Plan] = Field(min_length=1)


class _Shop(_Table):
    name: Name
    contact: Annotated[str, AfterValidator(_contact)] = ""
    zone: Annotated[str, AfterValidator(_zone)] = "Asia/Ho_Chi_Minh"
    language: Literal["vi", "en"] = "vi"
    code_prefix: Annotated[str, AfterValidator(_prefix)]
    email: Literal["optional", "required"] = "optional"
    payment_minutes: Annotated[int, Field(gt=0, le=1440)] = 30
    monitoring_hours: Annotated[int, Field(ge=0, le=720)] = 24


class _File(_Table):
    shop: _Shop
    product: list[_Product] = Field(min_length=1)


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
        file = _File.model_validate(tomllib.loads(text))
    except ValidationError as error:
        raise BrokenShopFile(_by_line(_mistake(each, text) for each in error.errors())) from error
    except (ValueError, RecursionError) as error:
        # Beside its own error, TOML's reader lets out Python's: too many digits, nested too deep.
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        broken = _thousands(text, line) or Mistake("mistake-toml", line=line, values={"detail": str(error)})
        raise BrokenShopFile([broken]) from error
    if mistakes := _by_line(_contradictions(file, text)):
        raise BrokenShopFile(mistakes)
    return _shop_file(file)


def _by_line(mistakes: Iterable[Mistake]) -> list[Mistake]:
    return sorted(mistakes, key=lambda mistake: mistake.line)


def _thousands(text: str, line: int, place: Place = ()) -> Mistake | None:
    """The mistake of a number written as on a price tag (79,000 or 79.000), when that line has one."""
    found = _PRICE_TAG.search("".join(text.splitlines()[line - 1 : line]))
    if found is None:
        return None
    right = re.sub("[.,]", "_", found[1])
    return Mistake("mistake-thousands", place, line, {"written": found[1], "right": right})


def _contradictions(file: _File, text: str) -> Iterator[Mistake]:
    """What no single field can see: slugs used twice, a course that gives nothing, keys with links."""
    slugs: set[str] = set()
    for place, product in enumerate(file.product):
        where: Place = ("product", place)
        named = [(product.slug, (*where, "slug"))]
        named += [(plan.slug, (*where, "plan", n, "slug")) for n, plan in enumerate(product.plan)]
        for slug, at in named:
            if slug in slugs:
                yield Mistake("mistake-slug-twice", at, line_of(text, at), {"slug": slug})
            slugs.add(slug)
        if product.kind == "course" and not product.link:
            yield Mistake("mistake-course-without-link", where, line_of(text, where), {"name": product.name})
        if product.kind == "licence" and product.link:
            yield Mistake("mistake-licence-with-link", where, line_of(text, where), {"name": product.name})


_WORDS = {
    "missing": "mistake-missing",
    "extra_forbidden": "mistake-unknown",
    "string_type": "mistake-text",
    "int_type": "mistake-number",
    "string_pattern_mismatch": "mistake-pattern",
    "string_too_long": "mistake-too-long",
    "string_too_short": "mistake-empty",
    "too_short": "mistake-none",
    "greater_than": "mistake-too-small",
    "greater_than_equal": "mistake-too-small",
    "less_than_equal": "mistake-too-big",
    "literal_error": "mistake-choice",
}


def _mistake(error: Any, text: str) -> Mistake:
    place: Place = error["loc"]
    line = line_of(text, place)
    if error["type"] == "int_type" and (tagged := _thousands(text, line, place)):
        return tagged
    context = error.get("ctx", {})
    reason = str(context.get("error", ""))
    message = f"mistake-{reason}" if error["type"] == "value_error" else _WORDS.get(error["type"], "mistake-other")
    bound = next((context[key] for key in ("gt", "ge", "le", "max_length") if key in context), "")
    # The words that are allowed come as a sentence of the reader's own: 'a', 'b' or 'c'.
    choices = ", ".join(re.findall("'([^']*)'", context.get("expected", "")))
    values = {"field": str(place[-1]) if place else "", "bound": choices or str(bound)}
    return Mistake(message, place, line, values)


def _shop_file(file: _File) -> ShopFile:
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
    )


def _product(product: _Product) -> Product:
    return Product(
        slug=product.slug,
        kind=Kind(product.kind),
        name=product.name,
        description=product.description,
        activation=product.activation,
        download_url=product.download_url,
        links=tuple(Link(link.title, link.url) for link in product.link),
        plans=tuple(Plan(plan.slug, plan.name, plan.days, (Money(plan.price),)) for plan in product.plan),
    )
