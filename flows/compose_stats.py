"""How the shop's figures are told: a page with a button for each span of time."""

from flows.messages import Choice, Reply, Say
from flows.report_stats import SPANS, Stats
from sales.money import Money
from sales.order import Payment
from storage.stats import Problems


def page_of_stats(shop: str, stats: Stats, replace: str | None = None) -> Reply:
    """The page; `replace` is the channel's id of the message whose place it takes."""
    title = Say(f"stats-title-{stats.span}", {"shop": shop, "since": stats.since})
    says = [title, _orders(stats), *_money(stats), _deliveries(stats), _waits(stats), *_problems(stats.problems)]
    spans = tuple(Choice(Say(f"stats-span-{span}"), token=f"stats:{span}") for span in SPANS)
    return Reply(tuple(says), (spans,), replace=replace)


def share(part: int, whole: int) -> str:
    """Whole percent, rounded down so that 100% means all; a dash where there is nothing to share."""
    return f"{part * 100 // whole}%" if whole else "–"


def _orders(stats: Stats) -> Say:
    counts = {str(payment): count for payment, count in stats.orders.items()}
    conversion = share(stats.orders[Payment.PAID], stats.placed)
    return Say("stats-orders", {"placed": stats.placed, "conversion": conversion, **counts})


def _money(stats: Stats) -> list[Say]:
    came = [Say("stats-money", {"amount": amount}) for amount in stats.received or (Money(0),)]
    return came + [Say("stats-returned", {"amount": amount}) for amount in stats.returned]


def _deliveries(stats: Stats) -> Say:
    ended = stats.sent + stats.failed
    return Say("stats-deliveries", {"sent": stats.sent, "ended": ended, "rate": share(stats.sent, ended)})


def _waits(stats: Stats) -> Say:
    waits = stats.waits
    if not waits.count:
        return Say("stats-no-waits")
    return Say("stats-waits", {"count": waits.count, "median": waits.median, "p95": waits.p95})


def _problems(problems: Problems) -> list[Say]:
    counts = {f"money-{meaning}": count for meaning, count in sorted(problems.money.items())}
    counts |= {"goods": problems.goods, "jobs": problems.jobs, "notices": problems.notices}
    counts |= {"refunds": problems.refunds, "claims": problems.claims}
    named = [Say(f"problem-{name}", {"count": count}) for name, count in counts.items() if count]
    return [Say("stats-problems"), *named] if named else [Say("stats-no-problems")]
