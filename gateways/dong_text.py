"""Whole numbers as gateways spell them: numbers of JSON, with or without zeros behind a point, or texts.

None is guessed: a fraction is no whole number, True is no number, and a real number beyond what computers keep exactly
may have been another one.
"""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from gateways.json_text import SAFE
from gateways.notice_fields import MAX_AMOUNT

DIGITS = re.compile(r"[0-9]{1,16}")
CENTS = re.compile(r"\.0{1,6}\Z")
"""Đồng have no parts, but banks' software writes two places."""


def whole(written: object) -> int:
    """Read a whole number of nought or more: 92704, 92704.0 or "92704"; raises ValueError for anything else."""
    if type(written) is int and written >= 0:
        return written
    if type(written) is float and written.is_integer() and 0 <= written <= SAFE:
        return int(written)
    if isinstance(written, str) and DIGITS.fullmatch(written):
        return int(written)
    raise ValueError("no whole number")


def dong(written: object) -> int:
    """Read đồng as `whole` does, also from a text such as "100000.00"; raises ValueError for a fraction of one."""
    return whole(CENTS.sub("", written) if isinstance(written, str) else written)


Whole = Annotated[int, BeforeValidator(whole)]
Dong = Annotated[int, BeforeValidator(dong), Field(gt=0, le=MAX_AMOUNT)]
"""An amount that somebody has paid."""
