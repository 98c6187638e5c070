"""The menu of commands in one person's chat: who runs the shop finds theirs there, and nobody else does."""

from flows.messages import Say
from flows.office import After, Office
from flows.premises import Premises
from flows.task import Task
from sales.people import Peer
from storage import work
from storage.unit import Unit
from storage.work import Job

TOPIC = "menu"

COMMANDS = ("start", "myorders", "credit", "language", "help", "cancel", "claim", "paysupport", "terms")
ADMIN_COMMANDS = ("stats", "order", "refund", "review", "audit")


def menu_job(channel: str, external: str, occasion: str, *, runs_shop: bool) -> Job:
    """A job that gives a chat the admins' menu, or everybody's; `occasion` names what brings it about."""
    payload = {"channel": channel, "to": external, "runs_shop": runs_shop}
    return Job(TOPIC, f"menu:{channel}:{external}:{occasion}", payload)


def offer_admin_menu(unit: Unit, premises: Premises, peer: Peer, occasion: str) -> None:
    """Have the menu of an admin's chat set, which the platform knows by now."""
    work.enqueue(unit, premises.shop.id, [menu_job(peer.channel, peer.external, occasion, runs_shop=True)])


async def offer_menu(office: Office, task: Task) -> After:
    """Carry out such a job."""
    channel, to = task.payload["channel"], task.payload["to"]
    names = (*COMMANDS, *ADMIN_COMMANDS) if task.payload["runs_shop"] else ()
    menu = {name: Say(f"command-{name}") for name in names}
    await office.channel(channel).offer(await office.address(channel, to), menu)
    return None
