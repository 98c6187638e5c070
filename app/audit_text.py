"""The audit of an order or a refund on the command line."""

from typing import Any

from app.words import said
from flows.audit import audit
from flows.premises import Premises
from flows.tell_audit import audit_lines, audit_values
from storage.unit import Unit


def look_up(unit: Unit, premises: Premises, code: str) -> dict[str, Any] | None:
    """What happened as sentences (`says`, `zone`) and for programs (`values`); None for a code that names nothing."""
    code = code.strip().upper()
    found = audit(unit, premises, code)
    if found is None:
        return None
    says = audit_lines(unit, premises, found)
    return {"says": says, "zone": premises.shop.zone, "values": {"code": code, **audit_values(found)}}


def lines_of_audit(told: dict[str, Any]) -> list[str]:
    """The sentences in the shop's own time, without markup."""
    return [said(say.id, say.values, told["zone"]).rstrip() for say in told["says"]]
