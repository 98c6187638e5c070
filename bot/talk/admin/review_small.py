"""All small money that waits is put aside at once: why is typed, how much it is is shown, and one button says yes."""

from bot.scene import Scene, button
from bot.talk import browse
from bot.talk.admin.review_decide import LONGEST
from bot.talk.admin.review_page import LIST
from flows.discard_small import discard_small, small_waiting
from flows.messages import Say, Value
from sales.money import Money
from sales.visible import visible

REASON = "reviews-small-reason"
SURE = "reviews-small-sure"
"""What the next typed words mean; when they are to be confirmed, they mean the reason once more."""


def ask_reason(scene: Scene, _: str) -> None:
    """Ask why; raises Tell when nothing small waits."""
    small_waiting(scene.unit, scene.premises)
    scene.expect(REASON)
    scene.say(Say("reviews-small-why"), choices=((LIST,),))


def reason_typed(scene: Scene) -> None:
    """Show how many they are and how much together, and ask once more."""
    reason = visible(scene.incoming.text).strip()[:LONGEST]
    if not reason:
        scene.expect(REASON)
        scene.say(Say("review-reason-missing"), Say("reviews-small-why"), choices=((LIST,),))
        return
    found = small_waiting(scene.unit, scene.premises)
    total = Money(sum(each.amount.minor for each in found), found[0].amount.currency)
    last = found[-1].review
    scene.expect(SURE, reason=reason, last=last)
    values: dict[str, Value] = {"count": len(found), "amount": total, "reason": reason}
    sure = (button("reviews-small-yes", f"review-small-yes:{last}"),)
    scene.say(Say("reviews-small-sure", values), choices=(sure, (LIST,)))


def confirm(scene: Scene, last: str) -> None:
    """Yes: those that were shown, for the reason that was typed."""
    kept = scene.talk.data or {}
    if scene.talk.step != SURE or last != str(kept.get("last", "")):
        browse.dead_button(scene, last)
        return
    count = discard_small(scene.unit, scene.premises, scene.peer, int(last), str(kept["reason"]))
    scene.turn_page(Say("reviews-small-done", {"count": count}), choices=((LIST,),))
