"""What a shop file that is right should still be looked at for: platforms' rules, and prices nobody can pay."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateways.gateway import Gateway
from sales.banks import bank_by_bin
from sales.catalogue import CURRENCIES, FiledAccount, Plan, Product, ShopFile
from sales.memo_rules import lack
from sales.way import Way, allowed

CHANNELS = ("telegram", "zalo")
STARS = "stars"
WATCHER = "sepay"
STARS_ADVICE = ("advice-stars-price", "advice-stars-only")
"""What is said of plans that Telegram wants to be paid in Stars alone."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What to look at: an id in locales/ and its values."""

    message: str
    values: Mapping[str, str]


def advise(file: ShopFile, opened: Sequence[Gateway] | None, accounts: Sequence[FiledAccount]) -> list[Advice]:
    """All there is to say.

    `opened` are the gateways that the shop uses, None where all of them are played; `accounts` are shown to buyers.
    """
    plans = [(product, plan) for product in file.products for plan in product.plans]
    found = [each for product, plan in plans for each in _stars(product, plan)]
    if opened is not None:
        if any(each.name == WATCHER for each in opened):
            found += _accounts(accounts)
        found += _currencies([plan for _, plan in plans], opened)
        found += [Advice("advice-no-way", _named(*each)) for each in plans if not _payable(each[1], opened)]
    return found


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


def _accounts(accounts: Sequence[FiledAccount]) -> Iterator[Advice]:
    """Accounts whose bank tells SePay nothing unless they have what it wants."""
    for each in accounts:
        if (wanted := lack(each)) is not None:
            bank = bank_by_bin(each.bin)
            values = {"bank": bank.short_name if bank else each.bin, "account": each.account, "word": wanted.word}
            yield Advice("advice-account-word" if wanted.word else "advice-account-virtual", values)


def _currencies(plans: Sequence[Plan], opened: Sequence[Gateway]) -> Iterator[Advice]:
    """Currencies that stand in the file for nothing."""
    taken = {way.currency for channel in CHANNELS for way in _ways(opened, channel)}
    for currency in CURRENCIES:
        of_it = [plan for plan in plans if any(price.currency == currency for price in plan.prices)]
        if of_it and currency not in taken:
            yield Advice("advice-currency", {"currency": currency, "plan": of_it[0].name})


def _payable(plan: Plan, opened: Sequence[Gateway]) -> bool:
    costs = {price.currency for price in plan.prices}
    offered = ((channel, [way for way in _ways(opened, channel) if way.currency in costs]) for channel in CHANNELS)
    return any(allowed(ways, channel, [plan.rule]) for channel, ways in offered)


def _ways(opened: Sequence[Gateway], channel: str) -> list[Way]:
    """A transfer to the bank account needs no gateway to be asked for, only one to be noticed."""
    here = [each for each in opened if not each.channels or channel in each.channels]
    ways = [Way(each.name, currency, bank=each.bank) for each in here for currency in each.currencies]
    return [Way("", "VND", bank=True), *ways]


def _named(product: Product, plan: Plan) -> dict[str, str]:
    return {"product": product.name, "plan": plan.name}
