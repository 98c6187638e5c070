"""An admin settles on the account of an owed refund, and says when the money is sent."""

from bot.scene import Scene, button
from bot.talk import browse
from bot.talk.admin.gate import runs_shop
from bot.talk.refund import typed_payee, wanted
from flows.look_up_refunds import open_refund
from flows.messages import Rows, Say
from flows.name_payee import confirm_as_admin, shown
from flows.refund_words import about, called
from flows.send_refund import close_refund, note_sent, refund_card
from flows.ways_out import way_rows
from sales.errors import Tell
from sales.refund import Refund
from storage import refunds


def reopen(scene: Scene, number: str) -> None:
    """An owed refund once more: its card, or what is missing for one."""
    if found := _owed(scene, number):
        open_refund(scene.unit, scene.premises, scene.peer, found)
        _show(scene, found)


def checked(scene: Scene, mark: str) -> None:
    """The admin has checked the account that the bank or the buyer has named."""
    found = _marked(scene, mark)
    _card(scene, confirm_as_admin(scene.unit, scene.premises, scene.peer, found, found.payee))


def ask_account(scene: Scene, number: str) -> None:
    """The admin wants to type the account."""
    if found := _owed(scene, number):
        scene.expect("refund-payee", refund=found.id)
        scene.say(Say("refund-type-account"), choices=((button("back", f"refund-open:{found.id}"),),))


def typed(scene: Scene) -> None:
    """Take the typed account: an admin's word confirms it."""
    found = wanted(scene, str((scene.talk.data or {}).get("refund", "")))
    if found is None or not runs_shop(scene):
        browse.nonsense(scene)
        return
    if payee := typed_payee(scene, found, "refund-payee"):
        _card(scene, confirm_as_admin(scene.unit, scene.premises, scene.peer, found, payee))


def sent(scene: Scene, mark: str) -> None:
    """The money is on its way: the card becomes a note of it."""
    found = _marked(scene, mark)
    close_refund(scene.unit, scene.premises, scene.peer, found)
    scene.replies.append(note_sent(found, _code(scene, found), scene.incoming.message))


def where_to(refund: Refund) -> Say:
    """The account that was named, in full for the admin who checks it."""
    if not refund.payee:
        return Say("refund-no-account-yet")
    return Say("refund-proposed", {**shown(refund.payee), "account": refund.payee.account})


def account_choices(refund: Refund) -> Rows:
    """How an admin may settle on an account."""
    typed = (button("refund-type-button", f"refund-type:{refund.id}"),)
    if not refund.payee:
        return (typed,)
    return ((button("refund-checked-button", f"refund-checked:{refund.mark}"),), typed)


def _show(scene: Scene, found: Refund) -> None:
    """The card when the account is confirmed; otherwise how it stands, and how an admin may settle it."""
    if found.payable or found.under_way:
        _card(scene, found)
    else:
        told = Say("refund-waits", about(scene.unit, scene.premises, found))
        more = way_rows(scene.unit, scene.premises, found.id)
        scene.say(told, where_to(found), choices=(*account_choices(found), *more))


def _owed(scene: Scene, number: str) -> Refund | None:
    """The owed refund that a button names; None for a dead button, which is said. Raises Tell for one that is over."""
    found = wanted(scene, number)
    if found is None:
        browse.dead_button(scene, number)
    elif not found.owed:
        raise Tell("refund-not-open")
    return found


def _marked(scene: Scene, mark: str) -> Refund:
    """The refund to that very account; raises Tell when another one was named since the button was drawn."""
    found = refunds.marked(scene.unit, scene.premises.shop.id, mark)
    if found is None:
        raise Tell("refund-account-changed")
    return found


def _card(scene: Scene, settled: Refund) -> None:
    more = way_rows(scene.unit, scene.premises, settled.id)
    scene.replies.append(refund_card(settled, _code(scene, settled), more))


def _code(scene: Scene, found: Refund) -> str:
    return called(scene.unit, scene.premises, found)
