"""A letter on the wire: addresses that cannot smuggle a header, and the MIME message."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address as Header
from email.message import EmailMessage, MIMEPart
from email.utils import format_datetime, parseaddr

from bot.channels.letter import Letter
from flows.channel import Picture
from sales.errors import Misconfigured, Rejected

_ADDRESS = re.compile(r'([^\s@<>()\[\]\\,;:"]{1,64})@([^\s@<>()\[\]\\,;:"]{1,190})')


@dataclass(frozen=True, slots=True)
class Envelope:
    """One letter with its sender and reader.

    `key` names the letter: the same key gives the same Message-ID, so a mail program may show a letter
    that was sent twice only once. `sent_at` is an aware datetime.
    """

    sender: Header
    reader: Header
    key: str
    sent_at: datetime

    @property
    def message_id(self) -> str:
        """The Message-ID, with its angle brackets."""
        return f"<{hashlib.sha256(self.key.encode()).hexdigest()[:32]}@{self.sender.domain}>"

    @property
    def needs_utf8(self) -> bool:
        """Whether an address itself goes beyond ASCII (RFC 6531); few servers take that."""
        return not (self.sender.addr_spec + self.reader.addr_spec).isascii()

    def seal(self, letter: Letter, picture: Picture | None = None) -> bytes:
        """Build the message: plain text, and HTML beside it with the picture inside.

        Bodies are seven-bit, so that any server takes them.
        """
        message = EmailMessage(policy.SMTP.clone(cte_type="7bit", utf8=self.needs_utf8))
        message["From"], message["To"] = self.sender, self.reader
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(self.sent_at)
        message["Message-ID"] = self.message_id
        # No out-of-office answers (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        if picture:
            _enclose(message, picture)
        # Only now: making alternatives moves every Content- header into the first of them.
        message["Content-Language"] = letter.language
        return message.as_bytes()


def _enclose(message: EmailMessage, picture: Picture) -> None:
    html = message.get_body(("html",))
    assert isinstance(html, MIMEPart)
    html.add_related(picture.png, "image", "png", cid="<picture>", filename=picture.name, disposition="inline")


def sender_of(mail_from: str) -> Header:
    """Read MAIL_FROM, `Name <address>` or `address`; raises Misconfigured."""
    name, address = parseaddr(mail_from)
    sender = _header(address, name) if mail_from.isprintable() else None
    if sender is None:
        raise Misconfigured("mail-from-malformed")
    return sender


def reader_of(address: str) -> Header:
    """Read one address and nothing beside it; raises Rejected, without quoting it."""
    reader = _header(address)
    if reader is None:
        raise Rejected("not a mail address")
    return reader


def _header(address: str, name: str = "") -> Header | None:
    """Take an address apart; a domain beyond ASCII becomes its ASCII twin, which every server knows."""
    parts = _ADDRESS.fullmatch(address)
    if not parts or not address.isprintable():
        return None
    try:
        return Header(name, parts[1], parts[2].encode("idna").decode("ascii"))
    except UnicodeError:
        return None
