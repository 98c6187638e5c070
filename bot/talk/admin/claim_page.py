"""One claim of a buyer for an admin: what they say, the money it may be, and the buttons that decide."""

from bot.scene import Scene, button
from bot.talk import browse
from bot.talk.admin.review_page import LIST
from flows.claim_money import accept_claim, matching_transfers, refuse_claim
from flows.messages import Choice, Say, Value
from flows.name_buyer import name_buyer
from sales.claim import Claim, ClaimState, Loose
from sales.claim_words import TAIL
from sales.visible import visible
from storage import buyers, claims, orders

REASON = "claim-reason"
LONGEST = 200
"""Characters of a reason that are kept."""


def look(scene: Scene, number: str) -> None:
    """The claim that a button names."""
    claim = wanted(scene, number)
    if claim is None:
        browse.dead_button(scene, number)
    else:
        show_claim(scene, claim)


def show_claim(scene: Scene, claim: Claim) -> None:
    """What the buyer says, and a button for each amount of money that it may be; of one that is decided, only how."""
    shop = scene.premises.shop.id
    says = [*_said(scene, claim), name_buyer(buyers.peer(scene.unit, shop, claim.peer))]
    if claim.state is not ClaimState.OPEN:
        scene.turn_page(*says, Say(f"claim-is-{claim.state}"), choices=((LIST,),))
        return
    found = matching_transfers(scene.unit, scene.premises, claim)
    says += [Say("claim-fits", _money(place, each)) for place, each in enumerate(found, 1)]
    rows = [(_accepting(claim, place, each),) for place, each in enumerate(found, 1)]
    says += [] if found else [Say("claim-fits-nothing")]
    scene.turn_page(*says, choices=(*rows, (button("claim-refuse", f"claim-no:{claim.id}"),), (LIST,)))


def accept(scene: Scene, rest: str) -> None:
    """That money is theirs."""
    number, _, transfer = rest.partition(":")
    claim = wanted(scene, number)
    if claim is None or not _is_number(transfer):
        browse.dead_button(scene, rest)
        return
    accept_claim(scene.unit, scene.premises, scene.peer, claim, int(transfer))
    scene.turn_page(Say("claim-accepted-admin", {"amount": claim.amount}), choices=((LIST,),))


def ask_reason(scene: Scene, number: str) -> None:
    """It is refused: the admin types why, or presses that nothing was found."""
    claim = wanted(scene, number)
    if claim is None or claim.state is not ClaimState.OPEN:
        look(scene, number)
        return
    scene.expect(REASON, claim=claim.id)
    scene.say(Say("claim-why"), choices=((button("claim-none", f"claim-none:{claim.id}"),),))


def nothing_found(scene: Scene, number: str) -> None:
    """It is refused, for no such money was found."""
    _refuse(scene, number, "")


def reason_typed(scene: Scene) -> None:
    """It is refused for the typed reason, which the buyer reads."""
    number = str((scene.talk.data or {}).get("claim", ""))
    _refuse(scene, number, visible(scene.incoming.text)[:LONGEST].strip())


def wanted(scene: Scene, number: str) -> Claim | None:
    """The claim that a button names."""
    return claims.by_id(scene.unit, scene.premises.shop.id, int(number)) if _is_number(number) else None


def _refuse(scene: Scene, number: str, reason: str) -> None:
    claim = wanted(scene, number)
    if claim is None:
        browse.dead_button(scene, number)
        return
    refuse_claim(scene.unit, scene.premises, scene.peer, claim, reason)
    scene.turn_page(Say("claim-refused-admin", {"amount": claim.amount}), choices=((LIST,),))


def _said(scene: Scene, claim: Claim) -> list[Say]:
    """The buyer's own words."""
    says = [Say("claim-page", {"amount": claim.amount, "at": claim.moved_at, "made": claim.created_at})]
    if claim.order is not None:
        order = orders.by_id(scene.unit, scene.premises.shop.id, claim.order)
        says.append(Say("claim-page-order", {"code": order.code}))
    if claim.tail:
        says.append(Say("claim-page-tail", {"tail": claim.tail}))
    return says


def _money(place: int, loose: Loose) -> dict[str, Value]:
    tail = loose.payer.account[-TAIL:]
    payer = " ".join(each for each in (loose.payer.name, tail and f"…{tail}", loose.payer.bank) if each)
    return {"place": place, "amount": loose.amount, "at": loose.at, "payer": payer or "–", "memo": loose.memo or "–"}


def _accepting(claim: Claim, place: int, loose: Loose) -> Choice:
    return button("claim-accept", f"claim-yes:{claim.id}:{loose.transfer}", place=place, amount=loose.amount)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
