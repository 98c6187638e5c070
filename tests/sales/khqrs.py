"""KHQR vectors: strings and digests on which the official package and an independent one agree."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sales.khqr import Khqr
from sales.money import EXPONENTS, Money

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "khqr.json").read_text("utf-8"), parse_float=Decimal
)["vectors"]
NAMES = {
    "account": "account",
    "name": "name",
    "city": "city",
    "mcc": "mcc",
    "accountInformation": "information",
    "merchantId": "merchant",
    "acquiringBank": "bank",
    "bill": "bill",
    "mobile": "mobile",
    "store": "store",
    "terminal": "terminal",
    "purpose": "purpose",
    "lang": "language",
    "nameAlt": "local_name",
    "cityAlt": "local_city",
    "upi": "union_pay",
}


def khqr_of(vector: dict[str, Any]) -> Khqr:
    """What a vector asks for; `created` is the moment of making, which a code without an amount does not say."""
    places = EXPONENTS[vector["currency"]]
    amount = Money(int(Decimal(vector["amount"] or 0).scaleb(places)), vector["currency"])
    times = {name: moment(vector[name]) for name in ("created", "expires") if vector[name] is not None}
    return Khqr(amount=amount, **times, **{ours: vector[theirs] for theirs, ours in NAMES.items() if theirs in vector})


def moment(milliseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
