"""What is said of a statement at the command line: what it would bring, what it brought, and what could not be read."""

from collections.abc import Iterator

from app.settings import Settings
from app.statement import Desk, kept_layouts
from app.words import said
from flows.statement_tally import Tally
from gateways.statement import Line
from sales.money import Money
from sales.pairing import timed

LONGEST = 60


def foreseen_lines(desk: Desk, tally: Tally) -> list[str]:
    """What importing would bring, and the first lines as they were understood."""
    return [*_understood(desk, tally), *_counted(tally), *_doubts(desk, tally)]


def taken_lines(tally: Tally) -> list[str]:
    """What an import has brought."""
    done = [said("statement-done", {"lines": tally.lines}), *_counted(tally)]
    return [*done, said("statement-waiting", {"count": tally.waiting})] if tally.waiting else done


def broken_lines(tally: Tally) -> list[str]:
    """Each line that could not be taken, by its number; of very many the first ones."""
    named = [
        said("statement-broken-line", {"line": each.number, "fault": said(each.fault, {})}) for each in tally.named
    ]
    more = tally.broken - len(named)
    return [*named, said("statement-broken-more", {"count": more})] if more else named


def layout_lines(settings: Settings) -> list[str]:
    """How the statements of each bank are read; all of it was said by somebody of the shop."""
    return [
        said(
            "statement-layout",
            {
                "number": each.id,
                "bank": each.bank,
                "at": each.used_at,
                "columns": ", ".join(f"{role}={place + 1}" for role, place in each.columns.items()),
            },
        )
        for each in kept_layouts(settings)
    ] or [said("statement-layout-none", {})]


def _understood(desk: Desk, tally: Tally) -> Iterator[str]:
    assert desk.account is not None, "asked before"
    yield said("statement-read-as", {"bank": desk.bank, "account": desk.account.account})
    yield from (said("statement-line", _line(line, desk.zone)) for line in tally.shown)
    totals = {"lines": tally.lines, "came": Money(tally.came), "went": Money(tally.went)}
    yield said("statement-totals", totals)
    if tally.first and tally.last:
        yield said("statement-span", {"first": tally.first, "last": tally.last}, desk.zone)


def _line(line: Line, zone: str) -> dict[str, object]:
    sighting = line.sighting
    assert sighting.booked_at is not None, "a line without a date is broken"
    return {
        "number": line.number,
        "at": sighting.booked_at,
        "timed": "yes" if timed(sighting.booked_at) else "no",
        "amount": Money(sighting.amount),
        "memo": sighting.memo[:LONGEST],
        "reference": sighting.reference[:LONGEST] or "-",
    }


def _counted(tally: Tally) -> Iterator[str]:
    yield said("statement-known", {"known": tally.known, "again": tally.again})
    if tally.otherwise:
        yield said("statement-known-otherwise", {"count": tally.otherwise})
    yield said("statement-new", {"count": sum(tally.new.values())})
    yield from (
        said("statement-new-meaning", {"meaning": str(meaning), "count": count})
        for meaning, count in sorted(tally.new.items())
    )
    if tally.passed or tally.older:
        yield said("statement-passed", {"passed": tally.passed, "older": tally.older})


def _doubts(desk: Desk, tally: Tally) -> Iterator[str]:
    """What should be looked at before saying yes."""
    if tally.waiting:
        yield said("statement-will-wait", {"count": tally.waiting})
    if not tally.balanced:
        yield said("statement-balance-odd", {})
    if tally.first is not None and tally.first < desk.founded and tally.waiting:
        yield said("statement-before-shop", {"at": desk.founded}, desk.zone)
    if tally.broken:
        yield said("statement-broken-count", {"count": tally.broken})
