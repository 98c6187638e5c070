"""The menu of commands in one person's chat: who runs the shop finds theirs there, and nobody else does."""

from flows.messages import Say
from flows.office import After, Office
from flows.task import Task
from storage.work import Job

TOPIC = "menu"

COMMANDS = ("start", "myorders", "language", "help", "cancel")
ADMIN_COMMANDS = ("stats", "order", "refund")


def menu_job(channel: str, external: str, occasion: str, *, runs_shop: bool) -> Job:
    """A job that gives a chat the admins' menu, or everybody's; `occasion` names what brings it about."""
    payload = {"channel": channel, "to": external, "runs_shop": runs_shop}
    return Job(TOPIC, f"menu:{channel}:{external}:{occasion}", payload)


async def offer_menu(office: Office, task: Task) -> After:
    """Carry out such a job."""
    channel, to = task.payload["channel"], task.payload["to"]
    names = (*COMMANDS, *ADMIN_COMMANDS) if task.payload["runs_shop"] else ()
    menu = {name: Say(f"command-{name}") for name in names}
    await office.channel(channel).offer(await office.address(channel, to), menu)
    return None
