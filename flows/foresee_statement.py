"""Foresee what a statement would bring: it is judged as it will be when it is imported, and nothing is written."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from flows.judge_money import Judged, judge
from flows.money_book import Book
from flows.premises import Premises
from flows.recognise_lines import Recognised, recognise_lines
from flows.settle_payments import book_about, seen_as
from flows.statement_tally import Tally, batches
from gateways.statement import Line, Told
from sales.memo import codes_in
from sales.order import Bill
from sales.refund import Refund, refund_prefix
from sales.transfer import Sighting
from storage.store import Store
from storage.unit import Unit

FIRST_ID = 2**53
"""Ids of transfers that will never be: behind all that are."""


@dataclass(slots=True)
class Past:
    """What batches before would have changed: `paired` transfers are told of, bills and refunds stand otherwise.

    `taken`: names of lines from statements before that lines of this one stand for.
    """

    taken: set[str] = field(default_factory=set)
    paired: set[int] = field(default_factory=set)
    bills: dict[str, Bill] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)

    def hold(self, book: Book) -> None:
        """Let a book read as if they had been settled."""
        book.lone = [each for each in book.lone if each.transfer not in self.paired]
        book.bills = {code: self.bills.get(code, bill) for code, bill in book.bills.items()}
        book.refunds = {code: self.refunds.get(code, refund) for code, refund in book.refunds.items()}

    def add(self, more: "Past") -> None:
        """Remember one batch more."""
        self.taken |= more.taken
        self.paired |= more.paired
        self.bills |= more.bills
        self.refunds |= more.refunds


async def foresee_statement(
    store: Store, premises: Premises, told: Iterable[Told], since: datetime | None, step: Callable[[int], object]
) -> Tally:
    """Count what importing these would bring; `step` hears the number of the last line of each batch."""
    tally, past = Tally(), Past()
    for batch in batches(told, tally, since):
        said = in_order(premises, batch)
        lines, judged, more = await store.read(partial(_foresee, premises=premises, said=said, past=past))
        past.add(more)
        tally.judged(len(batch), judged, lines.otherwise)
        step(batch[-1].number)
    return tally


def in_order(premises: Premises, batch: Sequence[Line]) -> list[Sighting]:
    """Sightings as they are to be judged: by time, and those that name an order or a refund first.

    A date alone may be near the money of two equal payments: the one whose order is named takes its own notice, before
    one that names none could take it. So of what goes out.
    """
    prefix = premises.shop.code_prefix
    prefixes = (prefix, refund_prefix(prefix))
    said = [line.sighting for line in batch]
    return sorted(said, key=lambda each: (not any(codes_in(each.memo, two) for two in prefixes), each.booked_at))


def _foresee(
    unit: Unit, premises: Premises, said: Sequence[Sighting], past: Past
) -> tuple[Recognised, list[Judged], Past]:
    """Judge one batch; a Unit may be run again, so what it would change is answered, not kept."""
    lines = recognise_lines(unit, premises.shop.id, said, past.taken)
    judged, more = _judged(unit, premises, lines.news, past) if lines.news else ([], Past())
    more.taken |= lines.taken
    return lines, judged, more


def _judged(unit: Unit, premises: Premises, news: Sequence[Sighting], past: Past) -> tuple[list[Judged], Past]:
    seen = seen_as(premises, range(FIRST_ID, FIRST_ID + len(news)), [(0, each) for each in news])
    book = book_about(unit, premises, seen, locked=False)
    past.hold(book)
    bills, refunds = dict(book.bills), dict(book.refunds)
    judged = [judge(book, each) for each in seen]
    # Only what has changed: a statement may name a hundred thousand orders that are long paid.
    return judged, Past(
        set(),
        {each.transfer for each in judged if each.twin is not None},
        {code: bill for code, bill in book.bills.items() if bills.get(code) != bill},
        {code: refund for code, refund in book.refunds.items() if refunds.get(code) != refund},
    )
