"""Write down what was seen and judged: notices, movements, what was said of them, decisions and postings."""

from collections.abc import Sequence
from typing import Any

from flows.judge_money import Judged
from flows.notice import Notice
from sales.ids import ShopId
from sales.pairing import told_by
from sales.settlement import Decision
from storage import money, pairing
from storage.money import Drawn
from storage.reviews import RULE
from storage.unit import Unit


def keep_money(unit: Unit, shop: ShopId, notices: Sequence[Notice], judged: Sequence[Judged], drawn: Drawn) -> None:
    """Write a judged list, each table at once; notices that brought nothing new are not kept."""
    bringing = sorted({each.seen.notice for each in judged})
    kept = money.keep_notices(unit, shop, drawn.notices, [_notice(notices[place]) for place in bringing])
    notice_ids = dict(zip(bringing, kept, strict=True))
    money.add_transfers(unit, [_transfer(unit, shop, each) for each in judged if each.twin is None])
    for each in judged:
        if each.twin is not None:
            pairing.tell_of(unit, shop, each.transfer, told_by(each.twin.sources))
    money.add_sightings(unit, [_sighting(unit, shop, each, notice_ids[each.seen.notice]) for each in judged])
    keep_decisions(unit, shop, [(each.transfer, each.decision) for each in judged if each.decision], drawn.decisions)


def keep_decisions(unit: Unit, shop: ShopId, made: Sequence[tuple[int, Decision]], drawn: Sequence[int]) -> None:
    """Add decisions, each with its transfer, and their postings, under the first of the drawn ids."""
    decided = list(zip(drawn, made, strict=False))
    money.add_decisions(unit, [_decision(unit, shop, id_, *each) for id_, each in decided])
    money.add_postings(unit, [row for id_, (_, decision) in decided for row in _postings(shop, id_, decision)])


def _notice(notice: Notice) -> dict[str, str]:
    return {"gateway": notice.gateway, "digest": notice.digest, "body": notice.body}


def _transfer(unit: Unit, shop: ShopId, judged: Judged) -> dict[str, Any]:
    sighting = judged.sighting
    return {
        "id": judged.transfer,
        "shop_id": shop,
        "bank_account_id": judged.account,
        "account": sighting.account,
        "currency": sighting.currency,
        "amount": sighting.amount,
        "memo": sighting.memo,
        "payer_name": sighting.payer.name,
        "payer_account": sighting.payer.account,
        "payer_bank": sighting.payer.bank,
        "booked_at": sighting.booked_at,
        "seen_at": unit.now,
        "told_by": sighting.source,
    }


def _sighting(unit: Unit, shop: ShopId, judged: Judged, notice: int) -> dict[str, Any]:
    sighting = judged.sighting
    return {
        "shop_id": shop,
        "source": sighting.source,
        "ref": sighting.ref,
        "notice_id": notice,
        "transfer_id": judged.transfer,
        "virtual_account": sighting.virtual_account,
        "reference": sighting.reference,
        "seen_at": unit.now,
    }


def _decision(unit: Unit, shop: ShopId, id_: int, transfer: int, decision: Decision) -> dict[str, Any]:
    return {
        "id": id_,
        "shop_id": shop,
        "transfer_id": transfer,
        "meaning": decision.meaning,
        "order_id": decision.order,
        "decided_by": decision.by or RULE,
        "decided_at": unit.now,
        "reason": decision.reason,
    }


def _postings(shop: ShopId, decision_id: int, decision: Decision) -> list[dict[str, Any]]:
    named = [(decision.order, posting) for posting in decision.postings]
    named += [(decision.taken_from, posting) for posting in decision.taken_back]
    return [
        {
            "shop_id": shop,
            "decision_id": decision_id,
            "order_id": order,
            "account": posting.account,
            "currency": posting.amount.currency,
            "amount": posting.amount.minor,
        }
        for order, posting in named
    ]
