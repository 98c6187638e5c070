"""A Unit: one atomic piece of work; all of it happens or none."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection


@dataclass(slots=True)
class Unit:
    """What a flow holds while it reads and writes: one transaction and the moment it began (UTC).

    `ring` set to True wakes the workers after the commit. Work done in a Unit must be repeatable from
    its start: storage may run it again when a commit shared with others fails.
    """

    conn: Connection
    now: datetime
    ring: bool = False
