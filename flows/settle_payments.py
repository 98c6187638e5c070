"""Settle payments: from what gateways said to paid orders and goods, once, whatever is repeated.

Everything here is one Unit for a whole list of notices: read in bulk, judge in pure code, write in bulk.
Settling one notice is a list of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.follow_up import follow_up, tell_of_places
from flows.hear_refunds import hear_refunds
from flows.heed_words import heed_words
from flows.judge_money import Judged, Seen, judge
from flows.keep_money import keep_money
from flows.keep_reviews import keep_reviews
from flows.money_book import Book, open_book
from flows.notice import Notice
from flows.offer_orders import offer_orders
from flows.premises import Premises
from flows.small_money import tell_of_small
from flows.tell_outcome import outcomes
from gateways.statement_row import STATEMENT
from sales.ids import ShopId
from sales.memo import codes_in
from sales.refund import refund_prefix
from sales.settlement import Outcome
from sales.transfer import WORDS, Sighting
from storage import money, work
from storage.unit import Unit
from storage.work import Event

Told = tuple[int, Sighting]
"""A sighting with the place of the notice it came in."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What the new sightings turned out to be, and what became of each notice."""

    judged: tuple[Judged, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def new(self) -> int:
        """How many sightings nobody had told us before."""
        return len(self.judged)


def settle_payments(unit: Unit, premises: Premises, notices: Sequence[Notice]) -> Settled:
    """Settle a list of verified notices."""
    shop = premises.shop.id
    told = [(place, sighting) for place, notice in enumerate(notices) for sighting in notice.sightings]
    moved = [each for each in told if each[1].standing not in WORDS]
    fresh = _new_ones(unit, shop, moved)
    judged = _settle(unit, premises, notices, fresh) if fresh else []
    words = [sighting for _, sighting in told if sighting.standing in WORDS]
    if words:
        heed_words(unit, premises, words)
    return Settled(tuple(judged), outcomes(unit, shop, notices, judged))


def _settle(unit: Unit, premises: Premises, notices: Sequence[Notice], fresh: Sequence[Told]) -> list[Judged]:
    shop, drawn = premises.shop.id, money.draw(unit, len(fresh))
    seen = seen_as(premises, drawn.transfers, fresh)
    book = book_about(unit, premises, seen)
    judged = [judge(book, each) for each in seen]
    again = [each for each in judged if each.twin]
    keep_money(unit, shop, notices, judged, drawn)
    follow_up(unit, premises, [(each.sighting, each.decision) for each in judged if each.decision])
    keep_reviews(unit, shop, judged)
    # Whoever imports a statement sees what it brings: its strangers wait in the queue, and no chat is flooded.
    heard = [each for each in judged if each.sighting.source != STATEMENT]
    offer_orders(unit, premises, heard)
    tell_of_small(unit, premises, heard)
    hear_refunds(unit, premises, judged)
    work.log(unit, shop, [_seen_again(each) for each in again])
    tell_of_places(unit, premises, [(each.sighting, each.decision) for each in again if each.decision])
    return judged


def _new_ones(unit: Unit, shop: ShopId, told: Sequence[Told]) -> list[Told]:
    """What nobody has told us before."""
    known = money.known(unit, shop, {(each.source, each.ref) for _, each in told}) if told else set()
    fresh = []
    for place, sighting in told:
        ref = (sighting.source, sighting.ref)
        if ref not in known:
            known.add(ref)
            fresh.append((place, sighting))
    return fresh


def seen_as(premises: Premises, ids: Sequence[int], fresh: Sequence[Told]) -> list[Seen]:
    """Each with the id that its transfer would have, and the codes that its memo holds."""
    prefix = premises.shop.code_prefix
    going_back = refund_prefix(prefix)
    return [
        Seen(id_, place, sighting, codes_in(sighting.memo, prefix), codes_in(sighting.memo, going_back))
        for id_, (place, sighting) in zip(ids, fresh, strict=True)
    ]


def book_about(unit: Unit, premises: Premises, seen: Sequence[Seen], *, locked: bool = True) -> Book:
    """The book that these are judged by; its orders are not `locked` for somebody who only wants to know."""
    refund_codes = {code for each in seen for code in each.refund_codes}
    told, codes = [each.sighting for each in seen], [each.codes for each in seen]
    prefix = refund_prefix(premises.shop.code_prefix)
    return open_book(unit, premises.shop.id, told, codes, refund_codes, prefix, locked=locked)


def _seen_again(judged: Judged) -> Event:
    assert judged.twin is not None
    sighting = judged.sighting
    detail = {"source": sighting.source, "ref": sighting.ref, "transfer": judged.transfer}
    return Event("money.seen_again", judged.twin.order, sighting.source, detail)
