"""Whether SePay's user API names movements as its webhooks do, which SePay nowhere promises."""

from dataclasses import dataclass

BEHIND = 86_400_000
"""How far its own ids lag; the street counts in milliseconds, so an id may be that of a notice of a day ago."""


@dataclass(slots=True)
class Numbering:
    """`own`: the API has ids of its own."""

    own: bool = False

    def of(self, ref: str) -> int:
        """The id under which the API lists what a notice calls `ref`."""
        return int(ref) - BEHIND if self.own else int(ref)
