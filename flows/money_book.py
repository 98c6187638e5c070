"""The book that money is judged by: the bills, attempts, accounts and transfers that sightings may be about."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gateways.registry import SOURCES
from sales.ids import OrderId, ShopId
from sales.money import Money
from sales.order import Bill, Payment
from sales.pairing import LOOK_BACK, Lone, Named, sources_without
from sales.posting import Account, Posting
from sales.refund import GONE, Refund, State
from sales.settlement import Decision, Meaning, kept
from sales.transfer import Sighting
from storage import accounts, catalogue, credit, money, pairing, refunds, reviews
from storage.pairing import Asked
from storage.unit import Unit


@dataclass(slots=True)
class Book:
    """What the shop knows as the list is judged; each decision changes what the next one reads.

    `bills` by code, `asked` by the number of the payment attempt, `accounts` by account number (virtual ones of
    gateways too). `lone`: transfers of which one more source may tell, those of this very list included.
    `refunds` by code, those that these sightings or their possible twins name.
    """

    unit: Unit
    shop: ShopId
    bills: dict[str, Bill]
    asked: Mapping[int, Asked]
    accounts: Mapping[str, int]
    lone: list[Lone] = field(default_factory=list)
    refunds: dict[str, Refund] = field(default_factory=dict)
    _booked: dict[int, tuple[Posting, ...]] = field(default_factory=dict)
    _named: dict[tuple[str, str], tuple[int, str | None]] = field(default_factory=dict)

    def asking(self, sighting: Sighting) -> Asked | None:
        """The payment attempt whose own link the money came by."""
        asked = self.asked.get(sighting.number) if sighting.number is not None else None
        if asked is None or asked.gateway != sighting.source:
            return None
        return asked if asked.link in ("", sighting.link) else None

    def account_of(self, sighting: Sighting) -> int | None:
        """Our account that the money moved on: by its number, by its virtual one, or as the attempt says."""
        asked = self.asking(sighting)
        known = self.accounts.get(sighting.account) or self.accounts.get(sighting.virtual_account)
        return known or (asked.bank_account if asked else None)

    def named(self, sighting: Sighting, codes: Sequence[str]) -> list[Bill]:
        """The bills a sighting names: the one of its attempt, or else those whose codes its memo holds."""
        asked = self.asking(sighting)
        if asked is not None:
            return [self.bills[asked.code]]
        return [self.bills[code] for code in codes if code in self.bills]

    def names(self, sighting: Sighting, codes: Sequence[str], refund_codes: Collection[str]) -> Named:
        """What a sighting says it is for."""
        return Named(
            orders_of(self.named(sighting, codes)),
            self.refunds_of(Money(sighting.amount, sighting.currency), refund_codes),
        )

    def refunds_of(self, amount: Money, codes: Collection[str]) -> frozenset[str]:
        """Codes that may be meant: for money that comes in, of refunds of that amount, for anybody may write one."""
        if amount.minor < 0:
            return frozenset(codes)
        return frozenset(code for code in codes if code in self.refunds and self.refunds[code].amount == amount)

    def refund_named(self, codes: Sequence[str]) -> Refund | None:
        """The refund that one of these codes is of; None for none, and for several."""
        found = [self.refunds[code] for code in codes if code in self.refunds]
        return found[0] if len(found) == 1 else None

    def booked(self, transfer: int) -> tuple[Posting, ...]:
        """How a transfer stands in the ledger, by this list or from before."""
        return self._booked.get(transfer) or pairing.booked(self.unit, self.shop, transfer)

    def reversed(self, sighting: Sighting) -> tuple[tuple[Posting, ...], Bill | None]:
        """How the movement that a reversal takes back stands in the ledger, and the bill it was for, where known."""
        name = (sighting.source, sighting.reverses)
        found = self._named.get(name) or pairing.transfer_named(self.unit, self.shop, *name)
        if found is None:
            return (), None
        transfer, code = found
        if code and code not in self.bills:
            self.bills |= money.bills(self.unit, self.shop, [code])
        booked, bill = self.booked(transfer), self.bills.get(code or "")
        if bill and credit.kept_since(self.unit, self.shop, bill.order, sighting.currency, transfer):
            booked = kept(booked, sighting.currency)
        return booked, bill

    def given_back(self, order: OrderId | None) -> bool:
        """Whether money of that order is being given back, or was."""
        return order is not None and bool(refunds.of_orders(self.unit, self.shop, [order]))

    def decided_by_a_person(self, transfer: int) -> bool:
        """Whether a person has said what becomes of it, for instance that it is given back."""
        return reviews.decided(self.unit, self.shop, transfer)

    def note(self, sighting: Sighting, transfer: int, decision: Decision, lone: Lone | None) -> None:
        """Let the next decision see what this one has made of its bill; `lone` None has no account of ours."""
        amount = Money(sighting.amount, sighting.currency)
        if decision.bill is not None:
            self.bills[decision.bill.code] = _after(decision.bill, decision, amount)
        if decision.refund is not None and decision.refund.code:
            self.refunds[decision.refund.code] = _told(decision.refund, decision.meaning, transfer)
        self._named[sighting.source, sighting.ref] = transfer, decision.bill.code if decision.bill else None
        self._booked[transfer] = decision.postings
        if lone is not None:
            self.lone.append(lone)


def open_book(
    unit: Unit,
    shop: ShopId,
    sightings: Sequence[Sighting],
    codes: Sequence[Sequence[str]],
    refund_codes: Collection[str],
    going_back: str,
    *,
    locked: bool = True,
) -> Book:
    """Read everything these sightings may be about, a few statements for all of them; see money.bills of `locked`.

    `going_back`: what codes of refunds begin with.
    """
    asked = pairing.asked(unit, shop, {each.number for each in sightings if each.number is not None})
    wanted = {code for each in codes for code in each} | {each.code for each in asked.values()}
    bills = _standing(unit, shop, money.bills(unit, shop, wanted, locked=locked))
    book = Book(unit, shop, bills, asked, _accounts(unit, shop, sightings))
    book.lone = _lone(book, sightings, going_back)
    coded = {code for each in book.lone for code in each.refunds}.union(refund_codes)
    book.refunds = refunds.coded(unit, shop, coded) if coded else {}
    book.lone = [_meant(book, each) for each in book.lone]
    return book


def _standing(unit: Unit, shop: ShopId, bills: dict[str, Bill]) -> dict[str, Bill]:
    """Of bills that money can only be late for: whether what was ordered can still be had, and at its price."""
    late = [bill for bill in bills.values() if unit.now > bill.watch_until and bill.state is not Payment.PAID]
    today = catalogue.prices_today(unit, shop, [bill.order for bill in late]) if late else {}
    return bills | {bill.code: replace(bill, stands=_unchanged(bill, today.get(bill.order, {}))) for bill in late}


def _unchanged(bill: Bill, today: Mapping[str, int]) -> frozenset[str]:
    """The currencies in which it costs no more today than it did."""
    return frozenset(name for name, minor in today.items() if bill.takes(name) and minor <= bill.price_in(name).minor)


def _accounts(unit: Unit, shop: ShopId, sightings: Sequence[Sighting]) -> dict[str, int]:
    """Our own accounts, and the virtual ones in front of them that these sightings name."""
    own = accounts.own_accounts(unit, shop)
    named = {number for each in sightings for number in (each.account, each.virtual_account) if number}
    return own | pairing.accounts_behind(unit, shop, named - own.keys())


def _lone(book: Book, sightings: Sequence[Sighting], going_back: str) -> list[Lone]:
    accounts = {account for each in sightings if (account := book.account_of(each)) is not None}
    amounts = {each.amount for each in sightings}
    told_by = {text for each in {each.source for each in sightings} for text in sources_without(each, SOURCES)}
    if not accounts:
        return []
    moments = [each.booked_at or book.unit.now for each in sightings]
    since, until = min(moments) - LOOK_BACK, max(moments) + LOOK_BACK
    return pairing.lone(book.unit, book.shop, accounts, amounts, told_by, (since, until), going_back)


def _meant(book: Book, lone: Lone) -> Lone:
    """A transfer with the refunds that may be meant by its memo; one that has bounced may be named anew since."""
    if not lone.refunds or lone.goes_back:
        return lone
    return replace(lone, refunds=book.refunds_of(Money(lone.amount, lone.currency), lone.refunds))


def _told(refund: Refund, meaning: Meaning, transfer: int) -> Refund:
    """As it stands by a bank's word."""
    if meaning is Meaning.RETURNED:
        return replace(refund, state=State.RETURNED, confirmed_at=None if refund.state in GONE else refund.confirmed_at)
    return replace(refund, state=State.SETTLED, settled_by=transfer)


def _after(bill: Bill, decision: Decision, amount: Money) -> Bill:
    if decision.pays:
        return replace(bill, state=Payment.PAID, total=bill.price_in(amount.currency))
    if decision.meaning is Meaning.SHORT:
        return bill.with_part(amount)
    if decision.meaning is Meaning.REVERSED:
        for each in decision.postings:
            bill = bill.with_part(-each.amount) if each.account is Account.DEPOSIT else bill
    return bill


def orders_of(bills: Sequence[Bill]) -> frozenset[OrderId]:
    """The orders behind some bills."""
    return frozenset(bill.order for bill in bills)
