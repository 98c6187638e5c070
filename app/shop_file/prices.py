"""Prices as a shop file writes them: whole numbers, and dollars with cents, read exactly."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from sales.money import EXPONENTS
from sales.vietqr import LARGEST

MOST_DOLLARS = 20_000
MOST_RIELS = 80_000_000
"""About as much as LARGEST: what nobody asks for by mistake only."""

MOST_STARS = 10_000
"""Telegram lets a subscription cost no more (Bot API, createInvoiceLink); nothing sold by this shop should."""

_CENTS = EXPONENTS["USD"]
_WRITTEN = re.compile(rf"[0-9]{{1,9}}(?:\.[0-9]{{1,{_CENTS}}})?")

Dong = Annotated[int, Field(gt=0, le=LARGEST)]
Riels = Annotated[int, Field(gt=0, le=MOST_RIELS)]
Stars = Annotated[int, Field(gt=0, le=MOST_STARS)]


def _cents(value: object) -> int:
    """Cents of dollars that are written as 3, 3.20 or "3.20".

    TOML's fractions must come as Decimal. A third decimal is refused even when it is 0: whoever writes 1.500 may mean
    one thousand five hundred.
    """
    dollars = _dollars(value)
    if dollars <= 0:
        raise PydanticCustomError("greater_than", "", {"gt": 0})
    if dollars > MOST_DOLLARS:
        raise PydanticCustomError("less_than_equal", "", {"le": MOST_DOLLARS})
    return int(dollars.scaleb(_CENTS))


def _dollars(value: object) -> Decimal:
    match value:
        case bool():
            pass
        case int():
            return Decimal(value)
        case Decimal() if value.is_finite() and int(value.as_tuple().exponent) >= -_CENTS:
            return value
        case str() if _WRITTEN.fullmatch(value):
            return Decimal(value)
    raise PydanticCustomError("dollars", "")


Dollars = Annotated[int, BeforeValidator(_cents)]
"""Held as cents."""
