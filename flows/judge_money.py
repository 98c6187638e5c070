"""Judge one sighting by the book: news or the same money seen again, and what it means."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flows.money_book import Book, orders_of
from gateways.registry import GATEWAYS, SPEAKERS
from gateways.statement_row import STATEMENT
from sales.money import Money
from sales.order import Bill
from sales.pairing import Lone, Named, in_doubt, pair, timed
from sales.posting import Account
from sales.settlement import HONOURED_FOR, UNCLEAR, Decision, Meaning, decide, decide_refund, doubt, revise, undo
from sales.transfer import Sighting, Standing

LINKED = frozenset(each.name for each in GATEWAYS if each.bank and each.links is not None)
"""Who knows a payment by its link."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A sighting nobody has told us before, the codes its memo holds, and the place of the notice it came in.

    `id` is what its transfer will be called, should it be news; `refund_codes` are of refunds.
    """

    id: int
    notice: int
    sighting: Sighting
    codes: tuple[str, ...]
    refund_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What a sighting turned out to be.

    `account` is ours that the money moved on, `transfer` the id of the movement. `twin` is set when that was known
    already; then `decision` is None, unless only now somebody has named its order or refund; its `refunds` are those
    that were named before.
    """

    seen: Seen
    account: int | None
    transfer: int
    decision: Decision | None
    twin: Lone | None = None

    @property
    def sighting(self) -> Sighting:
        """What was said."""
        return self.seen.sighting


def judge(book: Book, seen: Seen) -> Judged:
    """Say what a sighting is and means; the book remembers it for the next one."""
    sighting, account = seen.sighting, book.account_of(seen.sighting)
    if sighting.standing is Standing.REVERSED:
        return Judged(seen, account, seen.id, _undone(book, sighting, seen.id))
    named = book.names(sighting, seen.codes, seen.refund_codes)
    twin = None if account is None else pair(sighting, account, named, book.lone, book.unit.now)
    if twin is not None:
        return _again(book, seen, twin, named)
    bills = book.named(sighting, seen.codes)
    decision = _of_refund(book, seen, account) or _news(book, sighting, account, bills)
    book.note(sighting, seen.id, decision, _lone(book, seen, account, decision))
    return Judged(seen, account, seen.id, decision)


def _news(book: Book, sighting: Sighting, account: int | None, bills: Sequence[Bill]) -> Decision:
    # Only our own channel can sign a number of a payment link: its money is ours, whatever account it names.
    ours = account is not None or sighting.number is not None
    decision = decide(sighting, ours, bills, _heard(sighting, book.unit.now))
    if account is None or decision.bill is None:
        return decision
    named = Named(orders_of([decision.bill]))
    doubtful = in_doubt(sighting, account, named, _of_others(book, sighting), book.unit.now)
    return doubt(decision.bill, Money(sighting.amount, sighting.currency)) if doubtful else decision


def _heard(sighting: Sighting, now: datetime) -> datetime:
    """When money counts as heard of: now, since banks often give only a date.

    A statement that gives the time of day is believed: whoever paid in time did so, though its notice was lost. Not one
    of long ago; by then the seller may have helped in another way, and a person looks at it.
    """
    booked = sighting.booked_at
    if sighting.source != STATEMENT or booked is None or not timed(booked):
        return now
    return booked if now - HONOURED_FOR <= booked <= now else now


def _of_refund(book: Book, seen: Seen, account: int | None) -> Decision | None:
    """Money on an account of ours that a refund's code says to be going back, or to have bounced.

    Whoever pays an order by its link may write the code of a refund of theirs into the memo: what bounced at the moment
    of an equal payment that no watcher of the account has told of may be that payment.
    """
    sighting, refund = seen.sighting, book.refund_named(seen.refund_codes)
    decision = None if refund is None or account is None else decide_refund(sighting, refund)
    if decision is None or account is None or decision.meaning is Meaning.OUT:
        return decision
    named = Named(refunds=frozenset(seen.refund_codes))
    doubtful = in_doubt(sighting, account, named, _by_links(book), book.unit.now)
    return doubt(None, Money(sighting.amount, sighting.currency)) if doubtful else decision


def _by_links(book: Book) -> list[Lone]:
    """Transfers of which only those have told who know payments by their links, whatever the memo says."""
    return [each for each in book.lone if each.sources <= LINKED]


def _of_others(book: Book, sighting: Sighting) -> list[Lone]:
    """Transfers that only others have told of: one gateway gives one payment one memo, by whichever name it speaks."""
    speaker = SPEAKERS.get(sighting.source)
    return [each for each in book.lone if speaker not in map(SPEAKERS.get, each.sources)]


def _undone(book: Book, sighting: Sighting, transfer: int) -> Decision:
    """Money taken back by its gateway; what the shop has never booked, or not as much of, is not booked out either."""
    booked, bill = book.reversed(sighting)
    came = sum(each.amount.minor for each in booked if each.account is Account.RECEIVED)
    decision = undo(booked if came == -sighting.amount else (), bill)
    book.note(sighting, transfer, decision, None)
    return decision


def _again(book: Book, seen: Seen, twin: Lone, named: Named) -> Judged:
    """The same money: only what nobody could place is decided anew, now that somebody names its order or refund."""
    sighting = seen.sighting
    book.lone.remove(twin)
    told = replace(
        twin,
        sources=twin.sources | {sighting.source},
        references=twin.references | {sighting.reference},
    )
    names, anew = twin.refunds | named.refunds, _anew(book, seen, twin)
    if anew is None:
        book.lone.append(replace(told, refunds=names))
        return Judged(seen, twin.account, twin.transfer, None, told)
    told = replace(told, meaning=anew.meaning, order=anew.order, refunds=names)
    decision = revise(anew, book.booked(twin.transfer), twin.order, twin.meaning)
    book.note(sighting, twin.transfer, anew, told)
    return Judged(seen, twin.account, twin.transfer, decision, told)


def _anew(book: Book, seen: Seen, twin: Lone) -> Decision | None:
    """What it means by another source's word; None where that changes nothing.

    Not once a person has begun to give it back, or has said what it is. A refund that was named before was heard then.
    """
    if twin.meaning is not Meaning.OUT and twin.meaning not in UNCLEAR:
        return None
    heard = bool(twin.refunds) and twin.meaning is not Meaning.AMBIGUOUS
    refund = None if heard or twin.order is not None else _of_refund(book, seen, twin.account)
    bills = book.named(seen.sighting, seen.codes) if twin.meaning in UNCLEAR else []
    anew = refund or (decide(seen.sighting, True, bills, _heard(seen.sighting, book.unit.now)) if bills else None)
    if anew is None or (anew.order is None and anew.refund is None):
        return None
    decided = book.given_back(twin.order) or book.decided_by_a_person(twin.transfer)
    return None if decided else anew


def _lone(book: Book, seen: Seen, account: int | None, decision: Decision) -> Lone | None:
    """The new transfer as the next sighting of this list may find it; none where no account of ours could pair it."""
    sighting = seen.sighting
    if account is None:
        return None
    return Lone(
        transfer=seen.id,
        account=account,
        amount=sighting.amount,
        currency=sighting.currency,
        sources=frozenset({sighting.source}),
        references=frozenset({sighting.reference}),
        meaning=decision.meaning,
        order=decision.order,
        booked_at=sighting.booked_at,
        seen_at=book.unit.now,
        refunds=book.refunds_of(Money(sighting.amount, sighting.currency), seen.refund_codes),
    )
