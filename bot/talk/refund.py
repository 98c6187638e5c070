"""A buyer says whereto their refund goes."""

from bot.scene import Scene
from bot.talk import browse
from flows.messages import Say
from flows.name_payee import ask_typed_payee, confirm_as_buyer, propose_payee, shown
from sales.errors import Tell
from sales.ids import RefundId
from sales.payee import Payee, read_payee
from sales.refund import Refund
from storage import orders, refunds


def mine(scene: Scene, mark: str) -> None:
    """Yes, that is my account."""
    found = _own(scene, mark.partition(":")[0])
    if found is None or found.mark != mark or not found.payee:
        browse.dead_button(scene, mark)
        return
    confirm_as_buyer(scene.unit, scene.premises, scene.peer, found)
    scene.turn_page(Say("refund-account-thanks", {**shown(found.payee), "amount": found.amount}))


def other(scene: Scene, number: str) -> None:
    """Another account: it is to be typed."""
    found = _own(scene, number)
    if found is None:
        browse.dead_button(scene, number)
        return
    if found.confirmed_at is not None:
        raise Tell("refund-account-fixed")
    scene.expect("refund-account", refund=found.id)
    scene.say(Say("refund-type-account"))


def typed(scene: Scene) -> None:
    """Take the typed account as a proposal, and show it in full before it counts."""
    found = _own(scene, str((scene.talk.data or {}).get("refund", "")))
    if found is None:
        browse.nonsense(scene)
        return
    if payee := typed_payee(scene, found, "refund-account"):
        question = ask_typed_payee(propose_payee(scene.unit, scene.premises, found, payee))
        scene.say(*question.lines, choices=question.choices)


def typed_payee(scene: Scene, found: Refund, step: str) -> Payee | None:
    """The account that was typed; None when it is none: then the talk stays at this step, and asks again."""
    try:
        return read_payee(scene.incoming.text)
    except Tell as told:
        scene.expect(step, refund=found.id)
        scene.say(Say(told.message, told.values), Say("refund-type-account"))  # type: ignore[arg-type]
        return None


def wanted(scene: Scene, number: str) -> Refund | None:
    """The refund that a button names."""
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return refunds.by_id(scene.unit, scene.premises.shop.id, RefundId(int(number)))


def _own(scene: Scene, number: str) -> Refund | None:
    """A refund that is owed to who speaks; nobody learns of other people's."""
    found = wanted(scene, number)
    if found is None or not found.owed or found.order is None:
        return None
    order = orders.by_id(scene.unit, scene.premises.shop.id, found.of_order)
    return found if order.buyer == scene.peer.buyer else None
