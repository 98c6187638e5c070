"""Money of which nobody knows the order is to go back: the admin is shown what will happen, and confirms once."""

from bot.scene import Scene
from flows.messages import Say, Value
from flows.refund_transfer import ask_refund_of_transfer
from flows.wish_refund import wish_choices


def ask(scene: Scene, transfer: int, reason: str = "") -> None:
    """Ask once; the answer to it is that to any other refund. Raises Tell as `ask_refund_of_transfer` does."""
    asked = ask_refund_of_transfer(scene.unit, scene.premises, scene.peer, transfer, reason)
    refund, sighting = asked.refund, asked.movement.sighting
    values: dict[str, Value] = {
        "amount": refund.amount,
        "held": asked.left,
        "memo": sighting.memo or "–",
        "payer": " ".join(each for each in (sighting.payer.name, sighting.payer.bank) if each) or "–",
        "refund": refund.code or "–",
    }
    says = [Say("refund-transfer-sure", values)]
    if refund.reason:
        says.append(Say("refund-sure-reason", {"reason": refund.reason}))
    scene.say(*says, choices=wish_choices(refund))
