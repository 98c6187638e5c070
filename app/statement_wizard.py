"""Asks what cannot be found out about a statement: its bank, its account, and what its columns mean."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import click

from app.statement import Desk, account_likely, account_named, bank_of, columns_kept, use
from app.words import said
from gateways.statement_columns import Role
from gateways.statement_layout import named_columns
from gateways.statement_row import as_text
from sales.errors import Misconfigured
from sales.shop import BankAccount
from sales.visible import visible

LONGEST = 40
"""Characters of a header or an example that are shown."""
BANK_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Wizard:
    """Fills a desk; with `asks` False nothing is asked, and what is not sure is refused (Misconfigured)."""

    desk: Desk
    asks: bool

    def settle(self, account: str, bank: str, columns: Sequence[str], *, remap: bool) -> None:
        """Find or ask for everything that reading needs."""
        self.desk.account = account_named(self.desk, account) if account else self._account()
        kept = None if remap or columns else columns_kept(self.desk, bank)
        if kept is not None:
            use(self.desk, kept)
            click.echo(said("statement-layout-found", {"bank": kept.bank, "at": kept.used_at}, self.desk.zone))
            return
        self.desk.columns = {**self.desk.header.columns, **named_columns(columns, self.desk.header)}
        self.desk.bank = visible(bank or self._bank())[:BANK_LIMIT].strip() or "?"
        self._columns(asked=not columns)
        if not self.desk.whole:
            raise Misconfigured("statement-not-whole")

    def _account(self) -> BankAccount:
        likely, own = account_likely(self.desk), self.desk.own
        if likely is not None and (len(own) == 1 or not self.asks):
            return likely
        if not own or not self.asks:
            raise Misconfigured("statement-which", known=", ".join(each.account for each in own) or "-")
        click.echo("\n".join(_account_lines(own)))
        default = own.index(likely) + 1 if likely else None
        chosen = click.prompt(said("statement-which-account", {}), type=click.IntRange(1, len(own)), default=default)
        return own[int(chosen) - 1]

    def _bank(self) -> str:
        assert self.desk.account is not None, "settled before"
        likely = bank_of(self.desk.account)
        return str(click.prompt(said("statement-which-bank", {}), default=likely)) if self.asks else likely

    def _columns(self, *, asked: bool) -> None:
        """Show each column with what it seems to mean, and let it be put right."""
        click.echo(said("statement-columns", {"row": self.desk.header.number}))
        click.echo("\n".join(_column_lines(self.desk)))
        if self.asks and asked and not (self.desk.whole and click.confirm(said("statement-right", {}), default=True)):
            for role in Role:
                self._ask_for(role)

    def _ask_for(self, role: Role) -> None:
        width = len(self.desk.header.texts)
        place = click.prompt(
            said("statement-which-column", {"role": str(role)}),
            type=click.IntRange(0, width),
            default=self.desk.columns.get(role, -1) + 1,
        )
        self.desk.columns.pop(role, None)
        if place:
            self.desk.columns[role] = place - 1


def _account_lines(own: Sequence[BankAccount]) -> list[str]:
    values = ({"place": place, "account": each.account, "bank": bank_of(each)} for place, each in enumerate(own, 1))
    return [said("statement-account", each) for each in values]


def _column_lines(desk: Desk) -> list[str]:
    roles = {place: role for role, place in desk.columns.items()}
    return [
        said(
            "statement-column",
            {
                "place": place + 1,
                "header": text[:LONGEST],
                "example": _example(desk, place)[:LONGEST],
                "role": str(roles.get(place, "none")),
            },
        )
        for place, text in enumerate(desk.header.texts)
        if text or place in roles or _example(desk, place)
    ]


def _example(desk: Desk, place: int) -> str:
    below = (as_text(row.cell(place)) for row in desk.head if row.number > desk.header.number)
    return next((text for text in below if text), "")


@contextmanager
def progress(total: int, label: str) -> Iterator[Callable[[int], object]]:
    """A bar over the lines of a file; `step` takes the number of the line that was reached."""
    with click.progressbar(length=max(total, 1), label=said(label, {}), file=sys.stderr) as bar:

        def step(line: int) -> None:
            bar.update(max(0, min(line, total) - bar.pos))

        yield step
        bar.update(max(0, total - bar.pos))
