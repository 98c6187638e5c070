"""Find what a person means and let the right step answer."""

from collections.abc import Callable

from bot.desk import enter, hear_of_mouth, leave
from bot.scene import Scene
from bot.talk import browse, checkout, history
from flows.messages import Incoming, Say
from flows.premises import Premises
from locales import Texts
from sales.errors import Tell
from storage.unit import Unit

Step = Callable[[Scene], None]
Press = Callable[[Scene, str], None]

COMMANDS: dict[str, Step] = {
    "start": browse.start,
    "plans": browse.start,
    "help": browse.help_page,
    "language": browse.languages,
    "myorders": history.my_orders,
    "cancel": checkout.cancel_typed,
}

PRESSES: dict[str, Press] = {
    "start": lambda scene, _: browse.start(scene),
    "help": lambda scene, _: browse.help_page(scene),
    "languages": lambda scene, _: browse.languages(scene),
    "language": browse.choose_language,
    "plan": browse.plan_card,
    "buy": checkout.buy,
    "swap": checkout.swap,
    "mail": checkout.use_remembered,
    "nomail": checkout.without_email,
    "paid": checkout.claims_to_have_paid,
    "cancel": checkout.ask_to_cancel,
    "cancelled": checkout.cancel,
    "orders": lambda scene, _: history.my_orders(scene),
    "order": history.show_order,
    "again": history.buy_again,
}

TYPED: dict[str, Step] = {"email": checkout.typed_email}

MOUTHS = {"peer:blocked": False, "peer:unblocked": True}
"""What a channel says of itself, not the person: whether our messages still arrive there."""


def answer(unit: Unit, premises: Premises, texts: Texts, incoming: Incoming) -> None:
    """Answer one thing a person did: talk, orders and replies are one Unit.

    Steps and flows raise Tell before they write anything, for what is written stays.
    """
    if incoming.token in MOUTHS and incoming.press is None:
        hear_of_mouth(unit, premises, incoming, reachable=MOUTHS[incoming.token])
        return
    scene = enter(unit, premises, texts, incoming)
    try:
        _step(scene)
    except Tell as told:
        scene.turn_page(Say(told.message, told.values), choices=browse.way_out())  # type: ignore[arg-type]
    leave(scene)


def _step(scene: Scene) -> None:
    incoming = scene.incoming
    if incoming.token:
        name, _, rest = incoming.token.partition(":")
        PRESSES.get(name, browse.dead_button)(scene, rest)
    elif incoming.text.startswith("/"):
        command = incoming.text[1:].split(maxsplit=1)
        COMMANDS.get(command[0].lower() if command else "", browse.nonsense)(scene)
    else:
        TYPED.get(scene.talk.step, browse.nonsense)(scene)
