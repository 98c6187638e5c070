"""An admin has a gateway send an owed refund, in place of sending it themselves."""

from dataclasses import replace

from bot.scene import Scene
from bot.talk import browse
from flows.pay_out import pay_out
from flows.refund_words import called
from flows.send_refund import note_under_way
from sales.errors import Tell
from sales.refund import Means
from storage import refunds


def by_gateway(scene: Scene, rest: str) -> None:
    """Have it sent by those means: what offered it says from now on that nobody else may."""
    named, _, mark = rest.partition(":")
    means = next((each for each in Means if each.value == named), None)
    if means is None:
        browse.dead_button(scene, rest)
        return
    found = refunds.marked(scene.unit, scene.premises.shop.id, mark)
    if found is None:
        raise Tell("refund-account-changed")
    pay_out(scene.unit, scene.premises, scene.peer, found, means)
    note = note_under_way(replace(found, means=means), called(scene.unit, scene.premises, found))
    # Only what is payable was shown as a picture, whose caption is turned.
    card = found.mark if found.payable else None
    scene.replies.append(replace(note, replace=scene.incoming.message, refund=card))
