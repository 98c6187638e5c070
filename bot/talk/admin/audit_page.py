"""/audit: who has done what about an order or a refund."""

from bot.scene import Scene
from bot.talk import browse
from bot.talk.admin.gate import typed_after
from bot.talk.admin.review_list import is_number
from flows.messages import Say
from flows.tell_audit import tell_audit


def command(scene: Scene) -> None:
    """The newest of what happened to the order or refund that is named."""
    typed = typed_after(scene)
    if not typed:
        scene.say(Say("audit-how"))
        return
    page = tell_audit(scene.unit, scene.premises, scene.peer, typed)
    if page is None:
        scene.say(Say("audit-not-found"))
    else:
        scene.say(*page.says, choices=page.choices)


def turn(scene: Scene, rest: str) -> None:
    """Another page in the same place."""
    code, _, number = rest.partition(":")
    page = tell_audit(scene.unit, scene.premises, scene.peer, code, int(number)) if is_number(number) else None
    if page is None:
        browse.dead_button(scene, rest)
    else:
        scene.turn_page(*page.says, choices=page.choices)
