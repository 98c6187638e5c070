"""Who runs the shop from the chat: those whom the settings name, and those who took an invitation."""

from flows.premises import Admin, Premises
from storage import admins
from storage.unit import Unit


def is_admin(unit: Unit, premises: Premises, channel: str, external: str) -> bool:
    """Whether who speaks from that chat runs the shop."""
    return Admin(channel, external) in premises.admins or admins.has_joined(unit, premises.shop.id, channel, external)


def admins_of(unit: Unit, premises: Premises) -> tuple[Admin, ...]:
    """Everybody who runs the shop, each once, the settings' first."""
    invited = (Admin(each.channel, each.external) for each in admins.joined(unit, premises.shop.id))
    return tuple(dict.fromkeys([*premises.admins, *invited]))


def actor(channel: str, external: str) -> str:
    """How the event log names an admin."""
    return f"admin:{channel}:{external}"
