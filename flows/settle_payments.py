"""Settle payments: from what gateways said to paid orders and goods, once, whatever is repeated.

Everything here is one Unit for a whole list of notices: read in bulk, decide in pure code, write in bulk.
Settling one notice is a list of one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flows.follow_up import follow_up
from flows.notice import Notice
from flows.premises import Premises
from sales.ids import ShopId
from sales.memo import codes_in
from sales.money import Money
from sales.order import Bill, Payment
from sales.settlement import Decision, Meaning, decide
from sales.transfer import Sighting
from storage import money, shops
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class _Seen:
    """A sighting nobody has told us before, the codes its memo holds, and the notice it came in."""

    notice: int
    sighting: Sighting
    codes: tuple[str, ...]


def settle_payments(unit: Unit, premises: Premises, notices: Sequence[Notice]) -> int:
    """Settle a list of verified notices; answers how many movements were new."""
    shop = premises.shop
    seen = _new_ones(unit, premises, notices)
    if not seen:
        return 0
    bills = money.bills(unit, shop.id, sorted({code for each in seen for code in each.codes}))
    accounts = shops.own_accounts(unit, shop.id)
    decisions = _decide(unit, seen, bills, accounts)
    transfers = _keep_movements(unit, shop.id, notices, seen, accounts)
    _keep_decisions(unit, shop.id, transfers, decisions)
    follow_up(unit, premises, [(each.sighting, decision) for each, decision in zip(seen, decisions, strict=True)])
    return len(seen)


def _new_ones(unit: Unit, premises: Premises, notices: Sequence[Notice]) -> list[_Seen]:
    told = [(place, sighting) for place, notice in enumerate(notices) for sighting in notice.sightings]
    known = money.known(unit, premises.shop.id, {(each.source, each.ref) for _, each in told})
    seen = []
    for place, sighting in told:
        ref = (sighting.source, sighting.ref)
        if ref not in known:
            known.add(ref)
            seen.append(_Seen(place, sighting, codes_in(sighting.memo, premises.shop.code_prefix)))
    return seen


def _decide(unit: Unit, seen: Sequence[_Seen], bills: dict[str, Bill], accounts: Mapping[str, int]) -> list[Decision]:
    """Decide in the order of arrival; each decision changes the bill that the next one sees."""
    decisions = []
    for each in seen:
        named = [bills[code] for code in each.codes if code in bills]
        decision = decide(each.sighting, _account_id(each.sighting, accounts) is not None, named, unit.now)
        decisions.append(decision)
        if decision.bill is not None:
            bills[decision.bill.code] = _as_it_stands_now(decision.bill, decision, each.sighting.amount)
    return decisions


def _as_it_stands_now(bill: Bill, decision: Decision, amount: int) -> Bill:
    if decision.pays:
        return replace(bill, state=Payment.PAID)
    if decision.meaning is Meaning.SHORT:
        return replace(bill, deposited=bill.deposited + Money(amount, bill.total.currency))
    return bill


def _account_id(sighting: Sighting, accounts: Mapping[str, int]) -> int | None:
    """Our account that the money moved on, by its number or by its virtual one."""
    return accounts.get(sighting.account) or accounts.get(sighting.virtual_account)


def _keep_movements(
    unit: Unit, shop: ShopId, notices: Sequence[Notice], seen: Sequence[_Seen], accounts: Mapping[str, int]
) -> list[int]:
    """Write the notices that brought something new, the movements, and what was said of them."""
    bringing = sorted({each.notice for each in seen})
    kept = money.keep_notices(unit, shop, [_notice_row(notices[place]) for place in bringing])
    notice_ids = dict(zip(bringing, kept, strict=True))
    transfers = money.add_transfers(unit, [_transfer_row(unit, shop, each.sighting, accounts) for each in seen])
    rows = [
        {
            "shop_id": shop,
            "source": each.sighting.source,
            "ref": each.sighting.ref,
            "notice_id": notice_ids[each.notice],
            "transfer_id": transfer,
            "virtual_account": each.sighting.virtual_account,
            "reference": each.sighting.reference,
            "seen_at": unit.now,
        }
        for each, transfer in zip(seen, transfers, strict=True)
    ]
    money.add_sightings(unit, rows)
    return transfers


def _notice_row(notice: Notice) -> dict[str, str]:
    return {"gateway": notice.gateway, "digest": notice.digest, "body": notice.body}


def _transfer_row(unit: Unit, shop: ShopId, sighting: Sighting, accounts: Mapping[str, int]) -> dict[str, object]:
    return {
        "shop_id": shop,
        "bank_account_id": _account_id(sighting, accounts),
        "account": sighting.account,
        "currency": sighting.currency,
        "amount": sighting.amount,
        "memo": sighting.memo,
        "payer_name": sighting.payer.name,
        "payer_account": sighting.payer.account,
        "payer_bank": sighting.payer.bank,
        "booked_at": sighting.booked_at,
        "seen_at": unit.now,
    }


def _keep_decisions(unit: Unit, shop: ShopId, transfers: Sequence[int], decisions: Sequence[Decision]) -> None:
    rows = [
        {
            "shop_id": shop,
            "transfer_id": transfer,
            "meaning": decision.meaning,
            "order_id": decision.order,
            "decided_by": "rule",
            "decided_at": unit.now,
        }
        for transfer, decision in zip(transfers, decisions, strict=True)
    ]
    ids = money.add_decisions(unit, rows)
    postings = [
        {
            "shop_id": shop,
            "decision_id": id_,
            "order_id": decision.order,
            "account": posting.account,
            "currency": posting.amount.currency,
            "amount": posting.amount.minor,
        }
        for id_, decision in zip(ids, decisions, strict=True)
        for posting in decision.postings
    ]
    money.add_postings(unit, postings)
