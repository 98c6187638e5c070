"""EMVCo's QR text for payments: fields of two-digit tag, two-digit length and value, closed by a checksum.

Source: EMV QR Code Specification for Payment Systems, merchant-presented mode. A length counts characters;
the checksum is CRC-16/CCITT-FALSE over the UTF-8 bytes, the tag and length of the checksum included.
"""

import binascii
from collections.abc import Mapping

from sales.errors import Malformed

LONGEST = 512
"""Characters that EMVCo allows in one code."""

_CRC = "63"
_SEAL = _CRC + "04"
_FORMAT = ("00", "01")


class BadQr(Malformed):
    """A text that is no such payment code, or values that fit into none; the message says what is wrong."""


def encode(fields: Mapping[str, str]) -> str:
    """Write fields in the order given; raises BadQr for a tag or value that has no such form."""
    return "".join(_field(tag, value) for tag, value in fields.items())


def decode(text: str) -> dict[str, str]:
    """Read fields to the last character; raises BadQr for a wrong or zero length or a tag that comes twice."""
    fields: dict[str, str] = {}
    at = 0
    while at < len(text):
        tag, length = text[at : at + 2], _number(text[at + 2 : at + 4])
        value = text[at + 4 : at + 4 + length]
        _number(tag)
        if tag in fields or not length or len(value) < length:
            raise BadQr(f"field {tag} is empty, cut short or repeated")
        fields[tag] = value
        at += 4 + length
    return fields


def seal(fields: Mapping[str, str]) -> str:
    """Write a whole code: format indicator first, the fields, the checksum last."""
    body = encode(dict([_FORMAT]) | dict(fields)) + _SEAL
    return body + _crc(body)


def unseal(text: str) -> dict[str, str]:
    """Read a whole code back to the fields inside; raises BadQr unless every part of it is right.

    White space around it, which scanners add, and a checksum in lower case are no fault.
    """
    text = text.strip()
    if len(text) > LONGEST or text[-8:-4] != _SEAL or _crc(text[:-4]) != text[-4:].upper():
        raise BadQr("the checksum is wrong or missing")
    fields = decode(text[:-8])
    if next(iter(fields.items()), None) != _FORMAT or _CRC in fields:
        raise BadQr("the code does not begin with its format, or ends before its end")
    del fields[_FORMAT[0]]
    return fields


def _field(tag: str, value: str) -> str:
    _number(tag)
    if not 1 <= len(value) <= 99:
        raise BadQr(f"field {tag} cannot hold {len(value)} characters")
    return f"{tag}{len(value):02}{value}"


def _number(text: str) -> int:
    if not (len(text) == 2 and text.isascii() and text.isdigit()):
        raise BadQr("a tag or length is not two digits")
    return int(text)


def _crc(text: str) -> str:
    try:
        return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"
    except UnicodeEncodeError:
        raise BadQr("half a character has no bytes") from None
