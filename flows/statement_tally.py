"""What a statement holds, counted line by line while it is read."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flows.judge_money import Judged
from gateways.statement import Broken, Line, Passed, Told
from sales.settlement import Meaning

MOST_NAMED = 100
"""Broken lines that are kept by their numbers; all are counted."""
FIRST_LINES = 5
"""Lines that are shown as they were understood."""
BATCH = 500
"""Lines that are settled in one Unit."""
SPAN = timedelta(days=31)
"""What the lines of one Unit lie apart at most: as long back the ledger is searched for what was told of already."""


@dataclass(slots=True)
class Tally:
    """Counts of lines. Amounts are đồng; `came` and `went` sum all lines, `first` and `last` are UTC.

    `known`: an earlier statement, or this import before it broke off, has told of them, `otherwise` of these under
    another name (see recognise_lines); `again`: a notice has; `new`: nobody has, by what they mean. `waiting`: new ones
    that a person must decide. `older` are passed over for their day.
    """

    lines: int = 0
    passed: int = 0
    older: int = 0
    known: int = 0
    otherwise: int = 0
    again: int = 0
    waiting: int = 0
    new: Counter[Meaning] = field(default_factory=Counter)
    came: int = 0
    went: int = 0
    first: datetime | None = None
    last: datetime | None = None
    broken: int = 0
    named: list[Broken] = field(default_factory=list)
    shown: list[Line] = field(default_factory=list)
    pairs: int = 0
    rising: int = 0
    falling: int = 0
    _before: Line | None = None

    @property
    def balanced(self) -> bool:
        """Whether the balances follow from the amounts, from top to bottom or the other way; so if none are told."""
        return 10 * max(self.rising, self.falling) >= 9 * self.pairs

    def judged(self, lines: int, judged: Iterable[Judged], otherwise: int) -> None:
        """Count what so many lines turned out to be, `otherwise` of them to have been read otherwise before."""
        found = list(judged)
        self.otherwise += otherwise
        self.known += lines - len(found)
        self.again += sum(each.twin is not None for each in found)
        fresh = [each.decision for each in found if each.twin is None and each.decision is not None]
        self.new.update(decision.meaning for decision in fresh)
        self.waiting += sum(decision.waits for decision in fresh)

    def broke(self, broken: Broken) -> None:
        """Count a line that could not be taken."""
        self.broken += 1
        if len(self.named) < MOST_NAMED:
            self.named.append(broken)

    def read(self, line: Line) -> None:
        """Count a line that could be read."""
        amount, at = line.sighting.amount, line.sighting.booked_at
        assert at is not None, "a line without a date is broken"
        self.lines += 1
        self.came += max(amount, 0)
        self.went += max(-amount, 0)
        self.first = min(self.first or at, at)
        self.last = max(self.last or at, at)
        if len(self.shown) < FIRST_LINES:
            self.shown.append(line)
        self._follow(line)

    def _follow(self, line: Line) -> None:
        above, self._before = self._before, line
        if above is None or above.balance is None or line.balance is None:
            return
        self.pairs += 1
        self.rising += above.balance + line.sighting.amount == line.balance
        self.falling += line.balance + above.sighting.amount == above.balance


def batches(told: Iterable[Told], tally: Tally, since: datetime | None) -> Iterator[list[Line]]:
    """Gather lines for one Unit each, and count everything; what was booked before `since` is passed over."""
    batch: list[Line] = []
    for each in told:
        match each:
            case Passed():
                tally.passed += 1
            case Broken():
                tally.broke(each)
            case Line() if since is not None and _booked(each) < since:
                tally.older += 1
            case Line():
                tally.read(each)
                if batch and (len(batch) == BATCH or abs(_booked(each) - _booked(batch[0])) > SPAN):
                    yield batch
                    batch = []
                batch.append(each)
    if batch:
        yield batch


def _booked(line: Line) -> datetime:
    assert line.sighting.booked_at is not None
    return line.sighting.booked_at
