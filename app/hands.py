"""The hands that work off the outbox: those that wait for the gateway of payment links keep no goods waiting."""

from app.worker import AT_ONCE, Worker
from flows.carry_out import carry_out
from flows.links import TOPICS
from flows.marker import Marker
from flows.office import Office
from flows.task import Task
from storage.queue import Claimed, Topics
from storage.work import OUTBOX

JOBS_AT_ONCE = 128
"""Jobs mostly wait for the network, and those that end together share one commit: a full outbox is worked off twice as
fast as with 32 at once."""


def hire(office: Office) -> list[Worker]:
    """Hire the workers of the outbox; a shop whose gateway makes payment links needs one more for those.

    A gateway that hangs holds every one of its jobs for minutes: with hands of its own it takes none of the others.
    """
    marker = Marker(office.store)

    async def send(row: Claimed) -> None:
        await carry_out(office, marker, Task(row))

    if office.links is None:
        return [Worker(office.store, OUTBOX, send, JOBS_AT_ONCE)]
    return [
        Worker(office.store, OUTBOX, send, JOBS_AT_ONCE, Topics(TOPICS, others=True)),
        Worker(office.store, OUTBOX, send, AT_ONCE, Topics(TOPICS)),
    ]
