"""Write down what was seen and judged: notices, movements, what was said of them, decisions and postings."""

from collections.abc import Sequence
from typing import Any

from flows.judge_money import Judged
from flows.notice import Notice
from sales.ids import ShopId
from sales.pairing import told_by
from storage import money, pairing
from storage.money import Drawn
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
    decided = list(zip(drawn.decisions, (each for each in judged if each.decision is not None), strict=False))
    money.add_decisions(unit, [_decision(unit, shop, id_, each) for id_, each in decided])
    money.add_postings(unit, [row for id_, each in decided for row in _postings(shop, id_, each)])


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


def _decision(unit: Unit, shop: ShopId, id_: int, judged: Judged) -> dict[str, Any]:
    assert judged.decision is not None
    return {
        "id": id_,
        "shop_id": shop,
        "transfer_id": judged.transfer,
        "meaning": judged.decision.meaning,
        "order_id": judged.decision.order,
        "decided_by": "rule",
        "decided_at": unit.now,
        "reason": "",
    }


def _postings(shop: ShopId, decision_id: int, judged: Judged) -> list[dict[str, Any]]:
    assert judged.decision is not None
    named = [(judged.decision.order, posting) for posting in judged.decision.postings]
    named += [(judged.decision.taken_from, posting) for posting in judged.decision.taken_back]
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
