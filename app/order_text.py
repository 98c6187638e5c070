"""One order for people: the story that an admin reads in the chat, in the shop's own time."""

from collections.abc import Sequence
from typing import Any

from app.words import said
from flows.compose_story import story_of_order
from flows.messages import Say
from flows.premises import Premises
from flows.show_order import find_order
from storage.unit import Unit


def look_up(unit: Unit, premises: Premises, name: str) -> dict[str, Any] | None:
    """The story (`says`) of the order of that code or number, and the shop's `zone`; None when there is none."""
    order = find_order(unit, premises.shop.id, name)
    if order is None:
        return None
    return {"says": story_of_order(unit, premises, order), "zone": premises.shop.zone}


def order_lines(says: Sequence[Say], zone: str) -> list[str]:
    """A story written in `zone` (an IANA name), without markup."""
    return [said(say.id, say.values, zone).rstrip() for say in says]
