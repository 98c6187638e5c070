"""What a gateway is told of its notice, where it asks for more than "received"."""

from collections.abc import Mapping, Sequence

from flows.judge_money import Judged
from flows.notice import Notice
from sales.ids import ShopId
from sales.money import Money
from sales.settlement import Meaning, Outcome
from sales.transfer import WORDS, Sighting
from storage import pairing
from storage.pairing import Asked
from storage.unit import Unit


def outcomes(unit: Unit, shop: ShopId, notices: Sequence[Notice], judged: Sequence[Judged]) -> tuple[Outcome, ...]:
    """What became of each notice, as they stood before it; one that tells of many payments is simply taken."""
    single = [notice.sightings[0] if len(notice.sightings) == 1 else None for notice in notices]
    numbered = [each for each in single if each is not None and each.number is not None]
    if not numbered:
        return (Outcome.NEW,) * len(notices)
    asked = pairing.asked(unit, shop, {each.number for each in numbered if each.number is not None})
    fresh = {each.seen.notice: each for each in judged}
    return tuple(_outcome(sighting, asked, fresh.get(place)) for place, sighting in enumerate(single))


def _outcome(sighting: Sighting | None, asked: Mapping[int, Asked], judged: Judged | None) -> Outcome:
    """In the order in which VNPay wants it tested: the attempt is known, asks for this, and is not settled yet."""
    if sighting is None or sighting.number is None:
        return Outcome.NEW
    wanted = asked.get(sighting.number)
    if wanted is None or wanted.gateway != sighting.source:
        return Outcome.UNKNOWN
    if wanted.amount != Money(abs(sighting.amount), sighting.currency):
        return Outcome.WRONG_AMOUNT
    if judged is not None and judged.decision is not None:
        return Outcome.AGAIN if judged.decision.meaning is Meaning.SECOND else Outcome.NEW
    return Outcome.NEW if sighting.standing in WORDS and not wanted.paid else Outcome.AGAIN
