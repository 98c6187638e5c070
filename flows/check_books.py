"""Whether every đồng is where the books say: asked each hour on a snapshot, and whenever the ledger is shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flows.messages import Say
from flows.premises import Premises
from flows.send_reply import admin_jobs
from sales.ids import ShopId
from storage import conservation, work
from storage.unit import Unit

CHECKS: Mapping[str, Callable[[Unit, ShopId], list[str]]] = {
    "sums": conservation.sums,
    "causes": conservation.causes,
    "received": conservation.received,
    "decided": conservation.decided,
    "waiting": conservation.waiting,
    "refunds": conservation.given_back,
    "earned": conservation.earned,
    "goods": conservation.handed_over,
    "parts": conservation.parts,
    "credit": conservation.overdrawn,
}
"""What must hold, by the name of the finding when it does not."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold, and by which rows: a currency, or such as "transfer 12"."""

    kind: str
    about: tuple[str, ...]

    @property
    def says(self) -> Say:
        """The finding in words."""
        return Say("books-finding", {"kind": self.kind, "about": ", ".join(self.about)})


def check_books(unit: Unit, premises: Premises) -> list[Finding]:
    """Everything that does not hold; it only reads, and is meant for a snapshot."""
    found = {kind: check(unit, premises.shop.id) for kind, check in CHECKS.items()}
    return [Finding(kind, tuple(about)) for kind, about in found.items() if about]


def alarm_of_books(unit: Unit, premises: Premises, findings: Sequence[Finding]) -> None:
    """Tell the admins of each finding, once a day by the shop's calendar."""
    day = unit.now.astimezone(ZoneInfo(premises.shop.zone)).date().isoformat()
    for finding in findings:
        lines = [Say("admin-books-wrong"), finding.says, Say("admin-books-look")]
        jobs = admin_jobs(unit, premises, lines, f"books:{finding.kind}:{day}")
        work.enqueue(unit, premises.shop.id, jobs)
