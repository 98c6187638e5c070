"""A verified notice on its way into the ledger."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sales.transfer import Payer, Sighting, Standing


@dataclass(frozen=True, slots=True)
class Notice:
    """What a gateway sent, and what it says: `body` is kept as it came."""

    gateway: str
    body: str
    sightings: tuple[Sighting, ...]

    @property
    def digest(self) -> str:
        """Names the body; a repeated notice has the same one."""
        return sha256(self.body.encode()).hexdigest()


def pack_sighting(sighting: Sighting) -> dict[str, Any]:
    """Turn a sighting into JSON's own types."""
    booked = sighting.booked_at
    return asdict(sighting) | {"booked_at": booked.isoformat() if booked else None}


def unpack_sighting(data: Mapping[str, Any]) -> Sighting:
    """Read back what `pack_sighting` wrote."""
    booked = data["booked_at"]
    known = dict(data) | {"payer": Payer(**data["payer"]), "booked_at": booked and datetime.fromisoformat(booked)}
    # What an earlier version has kept knows of arrivals only.
    return Sighting(**known | {"standing": Standing(data.get("standing", Standing.ARRIVED))})
