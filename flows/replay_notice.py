"""Replay a true notice that could not be settled when it came."""

from datetime import timedelta

from flows.notice import Notice, pack_sighting, unpack_sighting
from flows.office import After, Office
from flows.settle_payments import settle_payments
from flows.task import Task
from storage import money
from storage.unit import Unit
from storage.work import Job

TOPIC = "replay_notice"
FIRST_LOOK = timedelta(minutes=1)


def replay_job(unit: Unit, notice: Notice) -> Job:
    """A job that settles the notice again, later and with the queue's backoff."""
    payload = {
        "gateway": notice.gateway,
        "body": notice.body,
        "sightings": [pack_sighting(sighting) for sighting in notice.sightings],
    }
    return Job(TOPIC, f"replay:{notice.gateway}:{notice.digest}", payload, run_at=unit.now + FIRST_LOOK)


async def replay_notice(office: Office, task: Task) -> After:
    """Settle it in the Unit that ends the job; when the gateway's repeat was faster, nothing changes."""
    sightings = tuple(unpack_sighting(data) for data in task.payload["sightings"])
    notice = Notice(task.payload["gateway"], task.payload["body"], sightings)

    def after(unit: Unit) -> None:
        settle_payments(unit, office.premises, [notice])
        money.settle_failed(unit, office.premises.shop.id, notice.gateway, notice.digest)

    return after
