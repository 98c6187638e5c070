"""The careful reading of JSON that every gateway's notice starts from."""

import json
import math
from collections.abc import Callable
from typing import TypeAlias

from sales.errors import Malformed

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

DEPTH = 32
"""Levels of nesting a notice may have; the gateways' own have two."""
DIGITS = 300
"""Characters a whole number may have: Python's reader takes quadratic time over long ones."""
COMMAS = 1000
"""Commas a notice may have (a movement has fifteen): printing thousands of values would hold up the loop."""
BEFORE_VALUES = b",", b"[", b"{"
"""What stands before each value but the outermost one."""
SAFE = 2**53 - 1
"""The largest whole number that JavaScript keeps exactly."""
UNPROVEN_BYTES, UNPROVEN_VALUES = 16 * 1024, 256
"""Bytes and values of a notice whose proof lies in what it says, so that anybody may have it read.

A real one, of one movement, has about 1 KB and twenty values; the rest is left to long memos and newer fields.
"""


def _real(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("beyond all numbers")
    return value


def parse(body: bytes, commas: int = COMMAS, real: Callable[[str], Json] = _real) -> Json:
    """Read UTF-8 JSON; raise Malformed for anything that another reader might take differently.

    That is: NaN and infinities, a key given twice, a byte order mark, numbers of absurd length. `real` reads a number
    with a fraction or an exponent; `str` keeps it as it is written, where it is money.
    """
    if body.count(b",") > commas:
        raise Malformed("too many values")
    try:
        return _decode(body.decode("utf-8"), real)
    except (ValueError, RecursionError):
        # The cause would carry the whole body into whatever prints it.
        raise Malformed("not JSON") from None


def parse_unproven(body: bytes) -> Json:
    """Read a notice that must be read before anybody knows whose it is; of one that is too large nothing is read."""
    if len(body) > UNPROVEN_BYTES or sum(map(body.count, BEFORE_VALUES)) > UNPROVEN_VALUES:
        raise Malformed("too large")
    return parse(body)


def _decode(text: str, real: Callable[[str], Json]) -> Json:
    value: Json = json.loads(
        text, object_pairs_hook=_object, parse_int=_whole, parse_float=real, parse_constant=_no_number
    )
    return value


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _whole(digits: str) -> int:
    if len(digits) > DIGITS:
        raise ValueError("too many digits")
    return int(digits)


def _no_number(name: str) -> Json:
    raise ValueError(name)
