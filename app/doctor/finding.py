"""What the doctor works with: whom it looks at, and what it finds."""

import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from aiohttp import ClientSession

from app.holdings import Holding, given_by, held_for, merge
from app.settings import Settings
from gateways.gateway import Gateway
from sales.clock import Clock


class Mark(StrEnum):
    """How it stands with one thing; only what is broken makes the doctor fail."""

    WORKS = "✔"
    MISSING = "•"
    BROKEN = "✘"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: its mark, and the sentence about it as an id in locales/ with its values."""

    mark: Mark
    message: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Patient:
    """A shop as its settings describe it; `session` is for looking at it over the network.

    `mail_to`: where a test letter goes, "" for none. `tls`: certificates to trust (None: the system's).
    `sealed`: what is in force for its gateways (None: nothing lies sealed).
    """

    settings: Settings
    session: ClientSession = field(repr=False)
    clock: Clock
    mail_to: str = ""
    tls: ssl.SSLContext | None = None
    sealed: tuple[Holding, ...] | None = None

    @property
    def holdings(self) -> tuple[Holding, ...]:
        """What the shop holds for each gateway."""
        return merge(given_by(self.settings), {}, ()) if self.sealed is None else self.sealed

    def held_for(self, gateway: Gateway) -> Holding:
        """What the shop holds for this one."""
        return held_for(self.holdings, gateway)


Check = Callable[[Patient], Awaitable[list[Finding]]]
"""Looks at one part and changes nothing."""


def works(message: str, **values: object) -> Finding:
    """Fine."""
    return Finding(Mark.WORKS, message, values)


def missing(message: str, **values: object) -> Finding:
    """Not set up, or worth a look."""
    return Finding(Mark.MISSING, message, values)


def broken(message: str, **values: object) -> Finding:
    """Must be mended before the shop can do its work."""
    return Finding(Mark.BROKEN, message, values)
