"""/start and /help as admins know them; by the first somebody takes an invitation to become one."""

from bot.scene import Scene
from bot.talk import browse
from bot.talk.admin.gate import runs_shop, typed_after
from flows.invite_admins import PAYLOAD, take_invitation
from flows.messages import Say
from flows.offer_menu import offer_admin_menu


def start(scene: Scene) -> None:
    """The shelf; first of all a good invitation is taken, while any other payload changes nothing."""
    payload = typed_after(scene)
    token = payload.removeprefix(PAYLOAD)
    if token != payload and take_invitation(scene.unit, scene.premises, scene.peer, token):
        scene.say(Say("admin-welcome", {"shop": scene.premises.shop.name}), Say("admin-help"))
    else:
        browse.start(scene)
    _offer_menu(scene)


def help_page(scene: Scene) -> None:
    """What the bot can do, for admins with their own commands."""
    browse.help_page(scene, *([Say("admin-help")] if runs_shop(scene) else []))
    _offer_menu(scene)


def _offer_menu(scene: Scene) -> None:
    """The chat of an admin is known to the platform now, so its menu can be set."""
    if runs_shop(scene):
        offer_admin_menu(scene.unit, scene.premises, scene.peer, scene.incoming.event)
