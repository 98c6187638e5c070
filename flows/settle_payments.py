"""Settle payments: from what gateways said to paid orders and goods, once, whatever is repeated.

Everything here is one Unit for a whole list of notices: read in bulk, judge in pure code, write in bulk.
Settling one notice is a list of one.
"""

from collections.abc import Sequence

from flows.follow_up import follow_up, tell_of_places
from flows.judge_money import Judged, Seen, judge
from flows.keep_money import keep_money
from flows.money_book import open_book
from flows.notice import Notice
from flows.premises import Premises
from sales.ids import ShopId
from sales.memo import codes_in
from sales.transfer import Sighting
from storage import money, work
from storage.unit import Unit
from storage.work import Event


def settle_payments(unit: Unit, premises: Premises, notices: Sequence[Notice]) -> int:
    """Settle a list of verified notices; answers how many sightings were new."""
    shop, fresh = premises.shop.id, _new_ones(unit, premises.shop.id, notices)
    if not fresh:
        return 0
    drawn = money.draw(unit, len(fresh))
    seen = _seen(premises, drawn.transfers, fresh)
    book = open_book(unit, shop, [each.sighting for each in seen], [each.codes for each in seen])
    judged = [judge(book, each) for each in seen]
    again = [each for each in judged if each.twin]
    keep_money(unit, shop, notices, judged, drawn)
    follow_up(unit, premises, [(each.sighting, each.decision) for each in judged if each.decision])
    work.log(unit, shop, [_seen_again(each) for each in again])
    tell_of_places(unit, premises, [(each.sighting, each.decision) for each in again if each.decision])
    return len(seen)


def _new_ones(unit: Unit, shop: ShopId, notices: Sequence[Notice]) -> list[tuple[int, Sighting]]:
    """Sightings nobody has told us before, each with the place of its notice."""
    told = [(place, sighting) for place, notice in enumerate(notices) for sighting in notice.sightings]
    known = money.known(unit, shop, {(each.source, each.ref) for _, each in told})
    fresh = []
    for place, sighting in told:
        ref = (sighting.source, sighting.ref)
        if ref not in known:
            known.add(ref)
            fresh.append((place, sighting))
    return fresh


def _seen(premises: Premises, ids: Sequence[int], fresh: Sequence[tuple[int, Sighting]]) -> list[Seen]:
    prefix = premises.shop.code_prefix
    return [
        Seen(id_, place, sighting, codes_in(sighting.memo, prefix))
        for id_, (place, sighting) in zip(ids, fresh, strict=True)
    ]


def _seen_again(judged: Judged) -> Event:
    assert judged.twin is not None
    sighting = judged.sighting
    detail = {"source": sighting.source, "ref": sighting.ref, "transfer": judged.transfer}
    return Event("money.seen_again", judged.twin.order, sighting.source, detail)
