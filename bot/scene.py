"""One exchange: who speaks, what they did, where the talk stands, and what we say back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.messages import Choice, Incoming, Reply, Rows, Say
from flows.premises import Premises
from locales import Texts
from sales.people import Peer
from storage.buyers import Talk
from storage.unit import Unit


@dataclass(slots=True)
class Scene:
    """Everything a step of the talk may use; all of it belongs to one Unit.

    `toast` is the short note a press is answered with; `step` and `data` are where the talk stands next.
    `afterwards` is done when the replies are on their way, for what the person is to see after them.
    """

    unit: Unit
    premises: Premises
    texts: Texts
    peer: Peer
    incoming: Incoming
    talk: Talk
    step: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    toast: Say | None = None
    replies: list[Reply] = field(default_factory=list)
    afterwards: list[Callable[[], None]] = field(default_factory=list)

    def say(self, *lines: Say, choices: Rows = ()) -> None:
        """Answer with a new message."""
        self.replies.append(Reply(lines, choices))

    def turn_page(self, *lines: Say, choices: Rows = ()) -> None:
        """Answer in place of the message whose button was pressed; a new message for typed words."""
        self.replies.append(Reply(lines, choices, replace=self.incoming.message))

    def expect(self, step: str, **data: Any) -> None:
        """Note what the next typed words will mean."""
        self.step, self.data = step, data


def button(label: str, token: str, **values: Any) -> Choice:
    """A button that comes back to us as `token`."""
    return Choice(Say(label, values), token=token)
