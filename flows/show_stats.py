"""An admin asks for the shop's figures: counted by a job on a snapshot, so that no payment waits for the counting."""

from flows.admins import actor
from flows.compose_stats import page_of_stats
from flows.office import After, Office
from flows.premises import Premises
from flows.report_stats import report_stats
from flows.task import Task
from sales.people import Peer
from storage import work
from storage.unit import Unit
from storage.work import Event, Job

TOPIC = "stats"


def ask_for_stats(unit: Unit, premises: Premises, peer: Peer, span: str, event: str, replace: str | None) -> None:
    """Have a span's figures shown; `event` names the asking, `replace` the message whose place the page takes."""
    payload = {"span": span, "channel": peer.channel, "to": peer.external, "replace": replace}
    shop = premises.shop.id
    work.enqueue(unit, shop, [Job(TOPIC, f"stats:{peer.channel}:{event}", payload, peer.lane)])
    work.log(unit, shop, [Event("admin.stats", actor=actor(peer.channel, peer.external), detail={"span": span})])


async def show_stats(office: Office, task: Task) -> After:
    """Count and show."""
    asked = task.payload
    stats = await office.store.read(lambda unit: report_stats(unit, office.premises, asked["span"]))
    page = page_of_stats(office.premises.shop.name, stats, asked["replace"])
    await office.channel(asked["channel"]).show(await office.address(asked["channel"], asked["to"]), page, task.key)
    return None
