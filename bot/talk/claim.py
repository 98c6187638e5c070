"""/claim: a buyer tells of a transfer that nobody has placed: for which order, how much, when, and from where.

Every answer is the same whatever money the shop has seen: no step here looks at any.
"""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.scene import Scene, button
from bot.talk import browse, history
from flows.claim_money import make_claim, may_claim
from flows.messages import Rows, Say
from sales.claim_words import noon, read_moment, read_tail
from sales.money import Money
from sales.purchase import Order
from sales.refund_amount import read_amount, read_wish
from sales.visible import visible
from storage import orders

AMOUNT, WHEN, TAIL = "claim-amount", "claim-when", "claim-tail"
NONE = "none"
DAYS = {"today": 0, "yesterday": 1}
SHOWN = 8
LONGEST = 40
"""Characters of an answer that are read."""


def start(scene: Scene) -> None:
    """Ask for which of their orders the money was meant."""
    may_claim(scene.unit, scene.premises, scene.peer)
    mine = orders.newest(scene.unit, scene.premises.shop.id, scene.peer.buyer, SHOWN)
    rows = [(button("claim-order", f"claim:{each.code}", code=each.code, amount=each.total),) for each in mine]
    scene.say(Say("claim-which-order"), choices=(*rows, (button("claim-no-order", f"claim:{NONE}"),)))


def pick(scene: Scene, code: str) -> None:
    """It was meant for that order, or for none; then the amount is asked for."""
    if not code:
        start(scene)
        return
    order = history.own(scene, code)
    if order is None and code != NONE:
        browse.dead_button(scene, code)
        return
    may_claim(scene.unit, scene.premises, scene.peer)
    _ask_amount(scene, order)


def amount_typed(scene: Scene) -> None:
    """Take the typed amount."""
    order = _order(scene)
    price = _price(order)
    wish = read_wish(["".join(visible(scene.incoming.text)[:LONGEST].split())])
    currency = wish.currency or (price.currency if price else "VND")
    minor = read_amount(wish.amount, currency) if currency != "XTR" else None
    if minor is None:
        _ask_amount(scene, order, Say("claim-amount-wrong"))
    else:
        _ask_when(scene, {"order": order.code if order else "", "minor": minor, "currency": currency})


def whole(scene: Scene, _: str) -> None:
    """It was the order's own price."""
    order = _order(scene)
    price = _price(order)
    if scene.talk.step != AMOUNT or order is None or price is None:
        browse.dead_button(scene, "")
    else:
        _ask_when(scene, {"order": order.code, "minor": price.minor, "currency": price.currency})


def day(scene: Scene, name: str) -> None:
    """It was today, or yesterday."""
    if scene.talk.step != WHEN or name not in DAYS:
        browse.dead_button(scene, name)
    else:
        _ask_tail(scene, noon(_now(scene), DAYS[name]))


def when_typed(scene: Scene) -> None:
    """Take the typed moment, in the shop's own zone."""
    moment = read_moment(scene.incoming.text[:LONGEST], _now(scene))
    if moment is None:
        _ask_when(scene, scene.talk.data or {}, Say("claim-when-wrong"))
    else:
        _ask_tail(scene, moment)


def tail_typed(scene: Scene) -> None:
    """Take the last digits, and pass it all on."""
    tail = read_tail(scene.incoming.text[:LONGEST])
    if tail is None:
        scene.expect(TAIL, **(scene.talk.data or {}))
        scene.say(Say("claim-tail-wrong"), choices=_no_tail())
    else:
        _pass_on(scene, tail)


def no_tail(scene: Scene, _: str) -> None:
    """They know no digits; pass on the rest."""
    if scene.talk.step == TAIL:
        _pass_on(scene, "")
    else:
        browse.dead_button(scene, "")


def _pass_on(scene: Scene, tail: str) -> None:
    kept, order = _kept(scene), _order(scene)
    amount = Money(int(kept["minor"]), str(kept["currency"]))
    moved_at = datetime.fromisoformat(str(kept["moved_at"]))
    make_claim(scene.unit, scene.premises, scene.peer, order, amount, moved_at, tail)
    scene.say(Say("claim-passed-on", {"amount": amount, "at": moved_at}), choices=browse.way_out())


def _ask_amount(scene: Scene, order: Order | None, *before: Say) -> None:
    scene.expect(AMOUNT, order=order.code if order else "")
    price = _price(order)
    choices: Rows = ((button("claim-whole", "claim-whole", amount=price),),) if price else ()
    scene.say(*before, Say("claim-how-much"), choices=choices)


def _ask_when(scene: Scene, kept: Any, *before: Say) -> None:
    scene.expect(WHEN, **kept)
    days = tuple(button(f"claim-{name}", f"claim-day:{name}") for name in DAYS)
    scene.say(*before, Say("claim-which-day"), choices=(days,))


def _ask_tail(scene: Scene, moved_at: datetime) -> None:
    scene.expect(TAIL, **(_kept(scene) | {"moved_at": moved_at.astimezone(UTC).isoformat()}))
    scene.say(Say("claim-which-tail"), choices=_no_tail())


def _no_tail() -> Rows:
    return ((button("claim-no-tail", "claim-no-tail"),),)


def _kept(scene: Scene) -> dict[str, Any]:
    return dict(scene.talk.data or {})


def _order(scene: Scene) -> Order | None:
    return history.own(scene, str(_kept(scene).get("order", "")))


def _price(order: Order | None) -> Money | None:
    """What a transfer for it would have been; Stars are paid in the chat itself, which loses none."""
    return order.total if order is not None and order.total.currency != "XTR" else None


def _now(scene: Scene) -> datetime:
    return scene.unit.now.astimezone(ZoneInfo(scene.premises.shop.zone))
