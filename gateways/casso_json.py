"""The JSON texts that Casso may have signed, and the careful reading they start from.

Casso signs its notice not as sent but parsed, sorted by key and printed again; its public samples
(CassoHQ/casso-webhook-v2-verify-signature) print in three ways. Which one its server uses is not
published, so all are known here. Each describes the same parsed values, so none weakens the proof.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import TypeAlias

from sales.errors import Malformed

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

DEPTH = 32
"""Levels of nesting a notice may have; Casso's own has two."""
DIGITS = 300
"""Characters a whole number may have: Python's reader takes quadratic time over long ones."""
COMMAS = 1000
"""Commas a notice may have (Casso's own: fifteen): printing thousands of values would hold up the loop."""
SAFE = 2**53 - 1
"""The largest whole number that JavaScript keeps exactly."""


@dataclass(frozen=True, slots=True)
class Form:
    """One language's way to print: a text with its quotes, a number, and the order of an object's keys."""

    text: Callable[[str], str]
    number: Callable[[int | float], str]
    order: Callable[[str], tuple[int, bytes]]


def parse(body: bytes) -> Json:
    """Read UTF-8 JSON; raise Malformed for anything that another reader might take differently.

    That is: NaN and infinities, a key given twice, a byte order mark, numbers of absurd length.
    """
    if body.count(b",") > COMMAS:
        raise Malformed("too many values")
    try:
        return _decode(body.decode("utf-8"))
    except (ValueError, RecursionError):
        # The cause would carry the whole body into whatever prints it.
        raise Malformed("not JSON") from None


def canonical(value: Json, form: Form, depth: int = 0) -> str:
    """Print `value` compactly with sorted keys; raise Malformed when it is nested too deep."""
    if depth > DEPTH:
        raise Malformed("nested too deep")
    if isinstance(value, str):
        return form.text(value)
    if isinstance(value, dict):
        pairs = (f"{form.text(key)}:{canonical(value[key], form, depth + 1)}" for key in sorted(value, key=form.order))
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join([canonical(item, form, depth + 1) for item in value]) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return form.number(value)


def _decode(text: str) -> Json:
    value: Json = json.loads(
        text, object_pairs_hook=_object, parse_int=_whole, parse_float=_real, parse_constant=_no_number
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


def _real(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("beyond all numbers")
    return value


def _no_number(name: str) -> Json:
    raise ValueError(name)


def _js_number(value: int | float) -> str:
    """Print as ECMAScript's Number::toString does: 1.0 is 1, and exponents begin at 1e+21 and 1e-7."""
    if isinstance(value, int) and abs(value) <= SAFE:
        return str(value)
    sign, digits, point = _shortest(float(value))
    if 0 < point <= 21:
        whole, part = digits[:point].ljust(point, "0"), digits[point:]
        return f"{sign}{whole}.{part}" if part else sign + whole
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    mantissa = f"{digits[0]}.{digits[1:]}" if len(digits) > 1 else digits
    return f"{sign}{mantissa}e{point - 1:+d}"


def _shortest(value: float) -> tuple[str, str, int]:
    """Sign, the fewest digits that name this float, and where the decimal point stands among them."""
    if not value:
        return "", "0", 1
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    text = "".join(map(str, digits))
    return "-" if sign else "", text.rstrip("0"), len(text) + int(exponent)


def _js_order(name: str) -> tuple[int, bytes]:
    """Array indexes first, by value, as every JavaScript object lists them; then by UTF-16 code units."""
    if len(name) <= 10 and name.isascii() and name.isdigit() and str(int(name)) == name and int(name) < 2**32 - 1:
        return 0, int(name).to_bytes(4, "big")
    return 1, name.encode("utf-16-be", "surrogatepass")


def _plain_order(name: str) -> tuple[int, bytes]:
    return 0, name.encode("utf-8", "surrogatepass")


def _php_text(text: str) -> str:
    return encode_basestring_ascii(text).replace("/", "\\/")


JAVASCRIPT = Form(encode_basestring, _js_number, _js_order)
PYTHON = Form(encode_basestring_ascii, repr, _plain_order)
PHP = Form(_php_text, _js_number, _plain_order)
FORMS = (JAVASCRIPT, PYTHON, PHP)
