"""/stats and /order: how the shop does, and the whole story of one order."""

from bot.scene import Scene
from bot.talk import browse
from bot.talk.admin.gate import typed_after
from flows.messages import Say
from flows.report_stats import SPANS, TODAY
from flows.show_stats import ask_for_stats
from flows.tell_story import tell_story


def stats(scene: Scene) -> None:
    """The figures of a span, today's when none is named."""
    span = typed_after(scene).lower() or TODAY
    if span in SPANS:
        _show(scene, span)
    else:
        scene.say(Say("stats-how"))


def switch_span(scene: Scene, span: str) -> None:
    """The figures of another span in the same place."""
    if span in SPANS:
        _show(scene, span)
    else:
        browse.dead_button(scene, span)


def order(scene: Scene) -> None:
    """The whole story of the order that is named."""
    typed = typed_after(scene)
    if not typed:
        scene.say(Say("order-how"))
        return
    story = tell_story(scene.unit, scene.premises, scene.peer, typed)
    scene.say(*(story or [Say("order-not-found")]))


def _show(scene: Scene, span: str) -> None:
    incoming = scene.incoming
    ask_for_stats(scene.unit, scene.premises, scene.peer, span, incoming.event, incoming.message)
