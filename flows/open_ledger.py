"""The ledger to be read: what stood on each account, every line that changed it, and what stands there now."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.check_books import Finding, check_books
from flows.premises import Premises
from sales.entry import Entry, Span, Totals, add_up, counted, equal
from sales.memo import codes_in
from sales.posting import Account
from sales.refund import refund_prefix
from sales.settlement import Meaning
from storage import journal, money
from storage.unit import Unit

OF_A_REFUND = (Meaning.OUT, Meaning.RETURNED)
"""Meanings of transfers whose memo may hold a refund's code."""

UNEXPLAINED = "lines"
"""The finding that the lines which were shown do not lead to what stands on the accounts."""

Balances = dict[str, dict[Account, int]]
"""Currency → account → minor units, all counted positive: `received` is the sum of the others."""


@dataclass(slots=True)
class Ledger:
    """The books of a day, or of all days (`day` None), in one currency or in all; for use inside the Unit alone.

    `lines` must be walked through before `closing` and `findings` are asked for: they add up what was shown.
    """

    unit: Unit
    premises: Premises
    day: date | None = None
    currency: str | None = None
    _stands: Totals = field(default_factory=dict)

    @property
    def span(self) -> Span:
        """The day as it is by the shop's own clocks."""
        if self.day is None:
            return Span()
        return Span(self._midnight(self.day), self._midnight(self.day + timedelta(days=1)))

    def opening(self) -> Balances:
        """What stood on each account when the span began."""
        since = self.span.since
        self._stands = {} if since is None else journal.opening(self.unit, self.premises.shop.id, since)
        return self._balances()

    def lines(self) -> Iterator[Entry]:
        """Every line of the span, as it was booked."""
        for entry in journal.entries(self.unit, self.premises.shop.id, self.span):
            add_up(self._stands, entry)
            if self.currency is None or self.currency in entry.currencies:
                yield self._with_refund(entry)

    def closing(self) -> Balances:
        """What stood on each account when the span ended, as the lines have led there."""
        return self._balances()

    def findings(self) -> list[Finding]:
        """Whatever does not hold; of all days also whether the lines explain all that stands on the accounts."""
        found = check_books(self.unit, self.premises)
        if self.day is not None:
            return found
        real = money.totals(self.unit, self.premises.shop.id)
        stands = {currency: {Account(name): sums[name] for name in sums} for currency, sums in real.items()}
        return found if equal(self._stands, stands) else [*found, Finding(UNEXPLAINED, tuple(sorted(stands)))]

    def _balances(self) -> Balances:
        return {
            currency: {account: counted(account, sums.get(account, 0)) for account in Account}
            for currency, sums in sorted(self._stands.items())
            if self.currency in (None, currency)
        }

    def _with_refund(self, entry: Entry) -> Entry:
        """Name the refund that a transfer has sent out or brought back."""
        if entry.meaning not in OF_A_REFUND:
            return entry
        codes = codes_in(entry.memo, refund_prefix(self.premises.shop.code_prefix))
        return replace(entry, refund=codes[0]) if len(codes) == 1 else entry

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, ZoneInfo(self.premises.shop.zone)).astimezone(self.unit.now.tzinfo)
