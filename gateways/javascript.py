"""How JavaScript prints numbers and texts and orders the keys of an object: gateways' servers sign such texts."""

from decimal import Decimal
from json.encoder import encode_basestring

from gateways.json_form import Form
from gateways.json_text import SAFE


def number(value: int | float) -> str:
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


def units(text: str) -> list[str]:
    """Take a text apart as JavaScript does, into UTF-16 code units: an emoji is two halves."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return [raw[place : place + 2].decode("utf-16-le", "surrogatepass") for place in range(0, len(raw), 2)]


def key_order(name: str) -> tuple[int, bytes]:
    """Array indexes first, by value, as every JavaScript object lists them; then by UTF-16 code units."""
    return _listed(name) or (1, name.encode("utf-16-be", "surrogatepass"))


def _as_came(name: str) -> tuple[int, bytes]:
    """Array indexes first, by value; the others as they came."""
    return _listed(name) or (1, b"")


def _listed(name: str) -> tuple[int, bytes] | None:
    """Place of a key that is an array index: JavaScript lists those before all others."""
    if len(name) <= 10 and name.isascii() and name.isdigit() and str(int(name)) == name and int(name) < 2**32 - 1:
        return 0, int(name).to_bytes(4, "big")
    return None


def _quoted(text: str) -> str:
    """Half of a surrogate pair is printed as an escape: what backslashreplace does, and it meets nothing else."""
    return encode_basestring(text).encode("utf-8", "backslashreplace").decode()


def _shortest(value: float) -> tuple[str, str, int]:
    """Sign, the fewest digits that name this float, and where the decimal point stands among them."""
    if not value:
        return "", "0", 1
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    text = "".join(map(str, digits))
    return "-" if sign else "", text.rstrip("0"), len(text) + int(exponent)


SORTED = Form(_quoted, number, key_order)
"""JSON.stringify of an object whose keys were sorted at every level."""
STRINGIFY = Form(_quoted, number, _as_came)
"""JSON.stringify as it is."""
