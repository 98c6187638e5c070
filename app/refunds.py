"""The command that writes the sheet of refunds to be paid; it may be used while the shop runs."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.commands import with_store
from app.new_file import new_file
from app.opening import visit_shop
from app.settings import Settings
from app.words import said
from bot.refund_sheet import COLUMNS, as_csv, as_xlsx
from flows.list_payable import Payable, list_payable
from sales.errors import Misconfigured
from storage.store import Store

WHO = "terminal"
"""How the event log names who sits at the command line."""

_FORMS = {".xlsx": as_xlsx, ".csv": as_csv}


def export(settings: Settings, path: Path) -> list[str]:
    """Write what is payable by VietQR into a new file, .xlsx or .csv; answers the lines that say what it is.

    Nothing is written when nothing is payable. Raises Misconfigured for another ending, for a file that is there, and
    when there is no shop yet.
    """
    form = _FORMS.get(path.suffix.lower())
    if form is None:
        raise Misconfigured("refunds-export-ending", path=str(path))
    if settings.nothing_there:
        raise Misconfigured("database-not-migrated")
    payable, zone = asyncio.run(with_store(settings.database, lambda store: _payable(store, settings)))
    if not payable:
        return [said("refunds-export-none", {})]
    with new_file(path) as file:
        file.write(form([said(f"refunds-column-{name}", {}) for name in COLUMNS], payable, zone))
    values = {"path": str(path), "count": len(payable)}
    return [said("refunds-exported", values), *_again(payable, zone), said("refunds-export-template", {})]


def _again(payable: Sequence[Payable], zone: str) -> Iterator[str]:
    """Each that stood in a sheet before: whoever pays both sheets pays twice."""
    listed = [(each.refund, each.listed_at) for each in payable if each.listed_at is not None]
    if listed:
        yield said("refunds-exported-before", {"count": len(listed)})
    yield from (said("refunds-exported-before-one", {"code": code, "at": at}, zone) for code, at in listed)


async def _payable(store: Store, settings: Settings) -> tuple[list[Payable], str]:
    premises = await visit_shop(store, settings)
    return await store.write(lambda unit: list_payable(unit, premises, WHO)), premises.shop.zone
