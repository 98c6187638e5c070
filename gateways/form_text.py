"""The reading of HTTP forms, whose values are all texts: each name once, or nobody knows which one is meant."""

from email.message import Message
from email.parser import BytesParser
from urllib.parse import parse_qsl

from sales.errors import Malformed

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
FIELDS = 100
"""Fields a form may have; a gateway's own has a dozen."""


def media_type(content_type: str) -> str:
    """The kind of body that a Content-Type header names, in lower case and without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def urlencoded(body: bytes) -> dict[str, str]:
    """Read application/x-www-form-urlencoded; raises Malformed. Bytes that are no UTF-8 become a replacement sign."""
    try:
        return _each_once(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=FIELDS))
    except ValueError:
        raise Malformed("not a form") from None


def multipart(body: bytes, content_type: str) -> dict[str, str]:
    """Read multipart/form-data, whose boundary stands in `content_type`; raises Malformed. Files are passed over."""
    try:
        head = f"Content-Type: {content_type}\r\n\r\n".encode("ascii")
        message = BytesParser().parsebytes(head + body)
    except (ValueError, RecursionError):
        raise Malformed("not a form") from None
    parts = message.get_payload()
    if message.defects or not isinstance(parts, list) or len(parts) > FIELDS:
        raise Malformed("not a form")
    return _each_once([_field(part) for part in parts if isinstance(part, Message) and part.get_filename() is None])


def _field(part: Message) -> tuple[str, str]:
    name, value = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
    if part.defects or not isinstance(name, str) or not isinstance(value, bytes):
        raise Malformed("not a field of a form")
    return name, value.decode("utf-8", "replace")


def _each_once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("a name stands twice")
    return found
