"""Import a bank statement: what no notice has told of is settled as if one had, and what is known changes nothing."""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog

from flows.foresee_statement import in_order
from flows.messages import Say
from flows.notice import Notice
from flows.premises import Premises
from flows.recognise_lines import Recognised, recognise_lines
from flows.send_reply import admin_jobs
from flows.settle_payments import Settled, settle_payments
from flows.statement_tally import Tally, batches
from gateways.statement import Broken, Line, Told
from gateways.statement_row import STATEMENT
from sales.errors import StoreBusy
from storage import layouts, work
from storage.store import Store
from storage.unit import Unit
from storage.work import Event

log = structlog.get_logger(__name__)

Written = tuple[Recognised, Settled]
Write = Callable[[Sequence[Line]], Awaitable[Written]]


@dataclass(frozen=True, slots=True)
class Statement:
    """A file as the ledger remembers it: its name, the SHA-256 of its bytes, and the bank it is said to be of.

    `header` and `columns` (names of roles → places) are how it is read.
    """

    name: str
    digest: str
    bank: str
    header: str
    columns: Mapping[str, int]


async def import_statement(
    store: Store,
    premises: Premises,
    statement: Statement,
    told: Iterable[Told],
    since: datetime | None,
    step: Callable[[int], object],
) -> Tally:
    """Settle its lines, some hundreds in a Unit; `step` hears the number of the last line of each batch.

    Raises StoreBusy when the database cannot take it now; what was settled by then is known the next time.
    """
    shop, tally, taken = premises.shop.id, Tally(), set[str]()
    await store.write(lambda unit: layouts.keep(unit, shop, statement.bank, statement.header, statement.columns))
    for batch in batches(told, tally, since):
        await _settle(partial(_written, store, premises, statement, taken), batch, tally)
        step(batch[-1].number)
    await store.write(lambda unit: _note(unit, premises, statement, tally))
    return tally


async def _settle(write: Write, batch: Sequence[Line], tally: Tally) -> None:
    """Settle a batch; if it fails line by line, so that one which cannot be settled keeps no other back."""
    try:
        lines, settled = await write(batch)
    except StoreBusy:
        raise
    except Exception as error:
        if len(batch) == 1:
            log.exception("statement.line_failed", line=batch[0].number, error=type(error).__name__)
            tally.broke(Broken(batch[0].number, "statement-line-unsettled"))
            return
        for line in batch:
            await _settle(write, [line], tally)
    else:
        tally.judged(len(batch), settled.judged, lines.otherwise)


async def _written(
    store: Store, premises: Premises, statement: Statement, taken: set[str], batch: Sequence[Line]
) -> Written:
    """Settle what is news of a batch; `taken` grows by what its lines stand for, once that is kept."""

    def work(unit: Unit) -> Written:
        lines = recognise_lines(unit, premises.shop.id, in_order(premises, batch), taken)
        notice = Notice(STATEMENT, _body(statement, batch), lines.news)
        return lines, settle_payments(unit, premises, [notice] if lines.news else [])

    written = await store.write(work)
    taken |= written[0].taken
    return written


def _body(statement: Statement, batch: Sequence[Line]) -> str:
    """What is kept of the file is where the lines stood; what they say stands in transfers and sightings."""
    named = {"file": statement.name, "sha256": statement.digest, "bank": statement.bank}
    body = named | {"lines": [batch[0].number, batch[-1].number], "ref": batch[0].sighting.ref}
    return json.dumps(body, ensure_ascii=False)


def _note(unit: Unit, premises: Premises, statement: Statement, tally: Tally) -> None:
    """Log the import, and tell the admins once what of it waits for them."""
    shop, new = premises.shop.id, sum(tally.new.values())
    detail: dict[str, object] = {"file": statement.name, "sha256": statement.digest, "bank": statement.bank}
    detail |= {"lines": tally.lines, "new": new, "again": tally.again, "known": tally.known}
    detail |= {"otherwise": tally.otherwise, "broken": tally.broken}
    work.log(unit, shop, [Event("statement.imported", detail=detail)])
    if tally.waiting:
        line = Say("admin-statement", {"bank": statement.bank, "new": new, "count": tally.waiting})
        key = f"statement:{statement.digest[:16]}:{int(unit.now.timestamp())}"
        work.enqueue(unit, shop, admin_jobs(unit, premises, [line], key))
