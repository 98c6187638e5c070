"""What no single field of a shop file can see."""

from collections.abc import Iterator

from app.shop_file.mistakes import Mistake
from app.shop_file.places import Place, line_of
from app.shop_file.tables import FileTable, PlanTable, ProductTable


def contradictions(file: FileTable, text: str) -> Iterator[Mistake]:
    """Names used twice, a course that gives nothing, keys with links, a plan that costs nothing or costs twice.

    And a tolerance that would give the cheapest plan away.
    """
    yield from _tolerance(file, text)
    yield from _slugs(file, text)
    yield from _accounts(file, text)
    for place, product in enumerate(file.product):
        where: Place = ("product", place)
        yield from _product(product, where, text)
        for n, plan in enumerate(product.plan):
            yield from _plan(plan, (*where, "plan", n), text)


def _tolerance(file: FileTable, text: str) -> Iterator[Mistake]:
    plans = [plan for product in file.product for plan in product.plan]
    prices = [price for plan in plans for price in (plan.price, plan.prices.VND) if price is not None]
    if prices and file.shop.tolerance >= min(prices):
        at: Place = ("shop", "tolerance")
        yield Mistake("mistake-tolerance", at, line_of(text, at), {"price": str(min(prices))})


def _slugs(file: FileTable, text: str) -> Iterator[Mistake]:
    slugs: set[str] = set()
    for place, product in enumerate(file.product):
        where: Place = ("product", place)
        named = [(product.slug, (*where, "slug"))]
        named += [(plan.slug, (*where, "plan", n, "slug")) for n, plan in enumerate(product.plan)]
        for slug, at in named:
            if slug in slugs:
                yield Mistake("mistake-slug-twice", at, line_of(text, at), {"slug": slug})
            slugs.add(slug)


def _accounts(file: FileTable, text: str) -> Iterator[Mistake]:
    """One number that is told of twice: a watcher's notice could not be brought home."""
    numbers: set[str] = set()
    for place, account in enumerate(file.account):
        for key in ("account", "virtual"):
            at: Place = ("account", place, key)
            number = getattr(account, key)
            if number in numbers:
                yield Mistake("mistake-account-twice", at, line_of(text, at), {"account": number})
            numbers |= {number} - {""}


def _product(product: ProductTable, where: Place, text: str) -> Iterator[Mistake]:
    if product.kind == "course" and not product.link:
        yield Mistake("mistake-course-without-link", where, line_of(text, where), {"name": product.name})
    if product.kind == "licence" and product.link:
        yield Mistake("mistake-licence-with-link", where, line_of(text, where), {"name": product.name})


def _plan(plan: PlanTable, where: Place, text: str) -> Iterator[Mistake]:
    prices = plan.prices
    if plan.price is not None and prices.VND is not None:
        at: Place = (*where, "price")
        yield Mistake("mistake-price-twice", at, line_of(text, at), {"name": plan.name})
    if plan.price is None and not prices.model_dump(exclude_none=True):
        yield Mistake("mistake-no-price", where, line_of(text, where), {"name": plan.name})
