"""The ledger for people: a line for everything that was booked, then what it adds up to, in the shop's own time."""

from collections.abc import Iterator, Mapping

from app.settings import terminal_language
from flows.check_books import Finding
from flows.open_ledger import Balances, Ledger
from locales import Texts, plain
from sales.entry import Cause, Entry
from sales.money import Money
from sales.posting import Account
from sales.visible import visible


class LedgerText:
    """Writes sentences of the ledger; texts are read once, for books may have a hundred thousand lines."""

    def __init__(self, zone: str) -> None:
        self._texts = Texts()
        self._language = terminal_language()
        self._zone = zone

    def lines(self, ledger: Ledger) -> Iterator[str]:
        """The whole of it, line after line; it ends before the findings."""
        if ledger.day is not None:
            yield self._say("ledger-day", {"day": ledger.day.isoformat(), "zone": self._zone})
            yield from self._balances(ledger.opening(), "opening")
        else:
            ledger.opening()
        count = 0
        for entry in ledger.lines():
            count += 1
            yield from self._entry(entry, ledger.currency)
        if not count:
            yield self._say("ledger-empty", {})
        yield ""
        yield from self._balances(ledger.closing(), "closing")

    def verdict(self, findings: list[Finding]) -> list[str]:
        """Whether the books add up, and what does not."""
        if not findings:
            return [self._say("ledger-balanced", {})]
        wrong = [self._say(each.says.id, each.says.values) for each in findings]
        return [self._say("ledger-unbalanced", {}), *wrong]

    def _balances(self, balances: Balances, when: str) -> Iterator[str]:
        """Received = the sum of where it lies, for each currency; accounts with nothing on them are passed over."""
        for currency, accounts in balances.items():
            places = [
                self._say("ledger-place", {"account": account, "amount": Money(minor, currency)})
                for account, minor in accounts.items()
                if minor and account is not Account.RECEIVED
            ]
            received = Money(accounts[Account.RECEIVED], currency)
            parts = " + ".join(places or [self._say("ledger-nowhere", {"amount": Money(0, currency)})])
            yield self._say("ledger-equation", {"when": when, "received": received, "parts": parts})

    def _entry(self, entry: Entry, currency: str | None) -> Iterator[str]:
        values: dict[str, object] = {
            "at": entry.at,
            "amount": Money(abs(entry.amount.minor), entry.amount.currency),
            "sign": "-" if entry.amount.minor < 0 else "+",
            "code": entry.order or "-",
            "refund": entry.refund,
            "cause": entry.cause,
            "meaning": entry.meaning,
            "anew": "yes" if entry.anew else "no",
            "sources": ", ".join(entry.told),
            "by": entry.by if entry.cause is Cause.DECISION and entry.by != "rule" else "",
            "reason": entry.reason,
            "effect": ", ".join(self._effects(entry, currency)) or self._say("ledger-no-effect", {}),
        }
        yield self._say("ledger-line", values) + "".join(self._notes(values))

    def _notes(self, values: Mapping[str, object]) -> Iterator[str]:
        """What stands at the end of a line only where there is something to say."""
        for name in ("sources", "refund", "by", "reason"):
            if values[name]:
                yield self._say("ledger-note", {**values, "about": name})

    def _effects(self, entry: Entry, only: str | None) -> Iterator[str]:
        for currency in entry.currencies:
            for account, minor in entry.moved(currency).items() if only in (None, currency) else ():
                values = {"account": account, "amount": Money(abs(minor), currency), "sign": "-" if minor < 0 else "+"}
                yield self._say("ledger-effect", values)

    def _say(self, message: str, values: Mapping[str, object]) -> str:
        seen = {name: visible(value) if isinstance(value, str) else value for name, value in values.items()}
        return plain(self._texts.say(self._language, message, seen, self._zone))
