"""An admin asks for the audit of a code: a page of it, as it is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flows.admins import actor
from flows.audit import AUDIT, Entry, audit
from flows.messages import Choice, Rows, Say
from flows.name_actor import name_actor
from flows.premises import Premises
from flows.story_events import event_values
from sales.people import Peer
from sales.visible import visible
from storage import orders, work
from storage.unit import Unit
from storage.work import Event

SIZE = 8
"""Entries on a page: with their lines they fit into one message of Telegram."""

LONGEST = 20
"""Characters of what was no code that the event log keeps."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of an audit, with the buttons that lead to the others."""

    says: tuple[Say, ...]
    choices: Rows


def tell_audit(unit: Unit, premises: Premises, peer: Peer, typed: str, page: int | None = None) -> Page | None:
    """That page of what happened, from 0, by default the last; None for a code that names nothing."""
    code = typed.strip().upper()
    found = audit(unit, premises, code)
    order = orders.by_code(unit, premises.shop.id, code) if found is not None else None
    detail = {"code": code} if found is not None else {"unknown": visible(code)[:LONGEST]}
    who = actor(peer.channel, peer.external)
    work.log(unit, premises.shop.id, [Event(AUDIT, order.id if order else None, who, detail)])
    if found is None:
        return None
    last = max(len(found) - 1, 0) // SIZE
    return _page(unit, premises, code, found, last if page is None else min(page, last))


def audit_lines(unit: Unit, premises: Premises, entries: Sequence[Entry]) -> list[Say]:
    """What happened, who did it and why, and how it stood before and after."""
    says: list[Say] = []
    for entry in entries:
        who = {"who": name_actor(unit, premises, entry.actor), "reason": _reason(entry)}
        says += [Say("story-event", event_values(entry)), Say("audit-who", who)]
        for was, now in entry.changes:
            says.append(Say("audit-change", {"side": "before", "state": was or "none"}))
            says.append(Say("audit-change", {"side": "after", "state": now or "none"}))
    return says


def audit_values(entries: Sequence[Entry]) -> dict[str, Any]:
    """The same for programs."""
    told = [
        {"at": each.at.isoformat(), "kind": each.kind, "actor": each.actor, "detail": dict(each.detail)}
        for each in entries
    ]
    return {"entries": told}


def _page(unit: Unit, premises: Premises, code: str, found: Sequence[Entry], page: int) -> Page:
    shown = found[page * SIZE : (page + 1) * SIZE]
    begin = page * SIZE
    title = Say("audit-title", {"code": code, "from": begin + 1, "to": begin + len(shown), "count": len(found)})
    earlier = (Choice(Say("audit-earlier"), token=f"audit:{code}:{page - 1}"),) if page else ()
    later = (Choice(Say("audit-later"), token=f"audit:{code}:{page + 1}"),) if begin + SIZE < len(found) else ()
    row = (*earlier, *later)
    return Page((title, *audit_lines(unit, premises, shown)), (row,) if row else ())


def _reason(entry: Entry) -> str:
    reason = str(entry.detail.get("reason", ""))
    return f"“{reason}”" if reason else ""
