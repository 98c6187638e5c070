"""What a shop file that is right should still be looked at for: platforms' rules, and plans nobody can buy."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.shop_file.means import CHATS, Means
from gateways.registry import GATEWAYS
from sales.banks import bank_by_bin
from sales.catalogue import CURRENCIES, FiledAccount, Plan, Product, ShopFile
from sales.memo_rules import lack
from sales.way import allowed

STARS = "stars"
WATCHER = "sepay"
STARS_ADVICE = ("advice-stars-price", "advice-stars-only")
"""What is said of plans that Telegram wants to be paid in Stars alone."""
NOBODY = "doctor-nobody-can-pay"
"""What is said once, instead of each plan's own, where no plan at all can be paid."""
EVERYTHING = Means(GATEWAYS, (), at_web=True)
"""What a shop could take money with at most."""
MARK = "⚠"
"""Stands before each where it stands alone; the doctor has marks of its own."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What to look at: an id in locales/ and its values."""

    message: str
    values: Mapping[str, str]


def advise(file: ShopFile, means: Means | None) -> list[Advice]:
    """All there is to say; without `means` every gateway is played, and what is paid with is left out."""
    plans = [(product, plan) for product in file.products for plan in product.plans]
    found = [Advice("advice-no-chat", _named(*each)) for each in plans if not _sold(each[1])]
    found += [Advice("advice-no-price", _priced(*each)) for each in plans if _never(each[1])]
    found += [each for product, plan in plans for each in _stars(product, plan)]
    return found if means is None else [*found, *_payment(plans, means)]


def _sold(plan: Plan) -> bool:
    return any(plan.rule.sold_on(chat) for chat in CHATS)


def _never(plan: Plan) -> bool:
    """Whether none of the ways that may pay it takes what it costs, whatever the shop sets up."""
    return _sold(plan) and not EVERYTHING.ways_of(plan)


def _priced(product: Product, plan: Plan) -> dict[str, str]:
    """The ways that may pay a plan, and the currencies it should have a price in one of."""
    ways = [way for chat in CHATS for way in allowed(EVERYTHING.ways(chat), chat, [plan.rule])]
    names, taken = dict.fromkeys(way.name for way in ways), {way.currency for way in ways}
    currencies = [each for each in CURRENCIES if each in taken]
    return _named(product, plan) | {"ways": ", ".join(names), "currencies": ", ".join(currencies)}


def _stars(product: Product, plan: Plan) -> Iterator[Advice]:
    """Digital goods sold in Telegram's chats are to be paid in Stars alone (telegram.org/tos/bot-developers, 6.2)."""
    if plan.rule.sold_on("telegram") and not _in_stars(plan):
        yield Advice("advice-stars-price", _named(product, plan))
    elif plan.rule.sold_on("telegram") and _otherwise(plan):
        yield Advice("advice-stars-only", _named(product, plan))


def _in_stars(plan: Plan) -> bool:
    return any(price.currency == "XTR" for price in plan.prices)


def _otherwise(plan: Plan) -> bool:
    """Whether something else than Stars may pay it there."""
    named = plan.rule.pay_with.get("telegram", plan.rule.pay_with.get(""))
    costs_more = any(price.currency != "XTR" for price in plan.prices)
    return costs_more and (named is None or any(way != STARS for way in named))


def _payment(plans: Sequence[tuple[Product, Plan]], means: Means) -> Iterator[Advice]:
    """What keeps money from coming, or from being seen."""
    if any(each.name == WATCHER for each in means.gateways):
        yield from _accounts(means.accounts)
    unpaid = [each for each in plans if not means.ways_of(each[1])]
    if len(unpaid) == len(plans):
        yield Advice(NOBODY, {})
    else:
        yield from _currencies(plans, means)
        yield from (Advice("advice-no-way", _named(*each)) for each in unpaid if EVERYTHING.ways_of(each[1]))


def _accounts(accounts: Sequence[FiledAccount]) -> Iterator[Advice]:
    """Accounts whose bank tells SePay nothing unless they have what it wants."""
    for each in accounts:
        if (wanted := lack(each)) is not None:
            bank = bank_by_bin(each.bin)
            values = {"bank": bank.short_name if bank else each.bin, "account": each.account, "word": wanted.word}
            yield Advice("advice-account-word" if wanted.word else "advice-account-virtual", values)


def _currencies(plans: Sequence[tuple[Product, Plan]], means: Means) -> Iterator[Advice]:
    """Currencies that stand in the file for nothing."""
    taken = {way.currency for chat in CHATS for way in means.ways(chat)}
    for currency in CURRENCIES:
        of_it = [each for each in plans if any(price.currency == currency for price in each[1].prices)]
        if of_it and currency not in taken:
            yield Advice("advice-currency", _named(*of_it[0]) | {"currency": currency})


def _named(product: Product, plan: Plan) -> dict[str, str]:
    return {"product": product.name, "plan": plan.name}
