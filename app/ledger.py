"""The command that shows the ledger: read on one snapshot and written as it is read."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import IO

from app.commands import with_store
from app.ledger_text import LedgerText
from app.ledger_values import json_end, json_pieces, write_csv
from app.opening import visit_shop
from app.settings import Settings
from flows.check_books import Finding
from flows.open_ledger import Ledger
from sales.errors import Misconfigured
from storage.store import Store

STDOUT = "-"


class Form(StrEnum):
    """How it is written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show: a day of the shop's calendar or all days, one currency or all; `place` is a new file or STDOUT."""

    form: Form = Form.TEXT
    place: str = STDOUT
    day: date | None = None
    currency: str | None = None


def show(settings: Settings, wanted: Wanted) -> bool:
    """Show it; False when the books do not add up. Raises Misconfigured when there is no shop yet."""
    if settings.nothing_there:
        raise Misconfigured("database-not-migrated")

    async def read(store: Store) -> bool:
        premises = await visit_shop(store, settings)
        return await store.read(
            lambda unit: _write(Ledger(unit, premises, wanted.day, wanted.currency), wanted), bounded=False
        )

    return asyncio.run(with_store(settings.database, read))


def _write(ledger: Ledger, wanted: Wanted) -> bool:
    with _opened(wanted.place) as file:
        findings = _FORMS[wanted.form](file, ledger)
    return not findings


def _text(file: IO[str], ledger: Ledger) -> list[Finding]:
    words = LedgerText(ledger.premises.shop.zone)
    for line in words.lines(ledger):
        file.write(f"{line}\n")
    findings = ledger.findings()
    file.writelines(f"{line}\n" for line in words.verdict(findings))
    return findings


def _json(file: IO[str], ledger: Ledger) -> list[Finding]:
    file.writelines(json_pieces(ledger))
    findings = ledger.findings()
    file.write(f"{json_end(findings)}\n")
    return findings


def _csv(file: IO[str], ledger: Ledger) -> list[Finding]:
    write_csv(file, ledger)
    findings = ledger.findings()
    # The table is for a spreadsheet: what is wrong is told beside it.
    sys.stderr.writelines(f"{line}\n" for line in LedgerText(ledger.premises.shop.zone).verdict(findings) if findings)
    return findings


_FORMS: dict[Form, Callable[[IO[str], Ledger], list[Finding]]] = {Form.TEXT: _text, Form.JSON: _json, Form.CSV: _csv}


@contextmanager
def _opened(place: str) -> Iterator[IO[str]]:
    """Where it goes; a file is new, for its owner alone, and marked so that spreadsheets read its letters right."""
    if place == STDOUT:
        yield sys.stdout
        return
    try:
        handle = os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
            yield file
    except FileExistsError:
        raise Misconfigured("ledger-file-exists", path=place) from None
    except OSError as error:
        raise Misconfigured("ledger-file-unwritable", path=place, reason=error.strerror or "") from error
