"""E-mail: a mouth that only speaks. One reply is one letter, handed to the shop's own mail server."""

import asyncio
import re
import ssl
from collections.abc import Mapping
from contextlib import suppress

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from bot.channels.envelope import Envelope, reader_of, sender_of
from bot.channels.letter import write
from bot.channels.smtp_url import Security, SmtpServer
from flows.channel import Address, ChatInvoice, Picture
from flows.messages import Reply, Say
from locales import Texts
from sales.clock import Clock, utc_now
from sales.errors import GiveUp, Later, Rejected

AT_ONCE = 8
"""Connections to the mail server at one time: hosts refuse the next one (421) after a handful."""

_WANTS_LOGIN = frozenset({530, 534, 535, 538})
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")


class Email:
    """The channel `email`; `sender` is MAIL_FROM, whose name (or domain) is the shop's name in letters.

    `tls`: certificates to trust (None: the system's); `patience`: seconds until a letter must be taken.
    Raises Misconfigured when `sender` is no address.
    """

    name = "email"

    def __init__(
        self,
        server: SmtpServer,
        sender: str,
        texts: Texts,
        clock: Clock = utc_now,
        *,
        tls: ssl.SSLContext | None = None,
        patience: float = 20.0,
    ) -> None:
        self._server = server
        self._sender = sender_of(sender)
        self._texts = texts
        self._clock = clock
        self._tls = tls
        self._patience = patience
        self._lines = asyncio.Semaphore(AT_ONCE)

    async def show(
        self,
        address: Address,
        reply: Reply,
        key: str,
        picture: Picture | None = None,
        invoice: ChatInvoice | None = None,
    ) -> str:
        """Send the letter and answer its Message-ID.

        Raises Rejected when the reader's side refuses it for good, Later for everything that may pass.
        No error quotes the address, nor what the server said, which often repeats the address.
        """
        envelope = Envelope(self._sender, reader_of(address.to), key, self._clock())
        shop = self._sender.display_name or self._sender.domain
        letter = write(reply, address, self._texts, shop, pictured=picture is not None)
        try:
            async with self._lines:
                await self._post(envelope, envelope.seal(letter, picture))
        except (SMTPException, OSError) as error:
            verdict = _verdict(error)
        else:
            return envelope.message_id
        raise verdict

    async def offer(self, address: Address, menu: Mapping[str, Say]) -> None:
        """Nothing: letters have no menu."""

    async def refund_stars(self, payer: str, charge: str) -> None:
        """Refuse: nobody pays in a letter; raises Rejected."""
        raise Rejected("letters take no payments")

    async def knock(self) -> None:
        """Connect, protect the line and log in as for a letter, and part again; raises Later with what failed."""
        client = self._client()
        try:
            async with asyncio.timeout(self._patience):
                await client.connect()
                await client.quit()
        except (SMTPException, OSError) as error:
            verdict = _verdict(error)
        else:
            return
        finally:
            client.close()
        raise Later(str(verdict))

    async def _post(self, envelope: Envelope, message: bytes) -> None:
        client = self._client()
        try:
            async with asyncio.timeout(self._patience):
                await client.connect()
                options = ["SMTPUTF8"] if envelope.needs_utf8 else []
                reader = envelope.reader.addr_spec
                await client.sendmail(envelope.sender.addr_spec, [reader], message, mail_options=options)
            # The letter is taken: whatever goes wrong in parting must not send it twice.
            with suppress(SMTPException, OSError):
                await client.quit(timeout=1)
        finally:
            client.close()

    def _client(self) -> SMTP:
        """Prepare one connection: it protects the line and logs in while it connects."""
        server = self._server
        return SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.security is Security.TLS,
            start_tls=server.security is Security.STARTTLS,
            tls_context=self._tls,
            # Greeting with the sender's domain spares a DNS look-up and the machine's own name.
            local_hostname=self._sender.domain,
        )


def _verdict(error: Exception) -> GiveUp | Later:
    """Judge a failure: the reader's side said never, or anything else may pass or be mended."""
    match error:
        case SMTPRecipientsRefused(recipients=[SMTPRecipientRefused() as refused, *_]):
            return _answered(refused)
        case SMTPDataError():
            return _answered(error)
        case SMTPNotSupported(message=what) if "SMTPUTF8" in what:
            return Rejected("the mail server takes no address beyond ASCII")
        case SMTPResponseException():
            return Later(_reason(error))
    return Later(f"mail server: {type(error).__name__}")


def _answered(error: SMTPResponseException) -> GiveUp | Later:
    final = error.code >= 500 and error.code not in _WANTS_LOGIN
    return Rejected(_reason(error)) if final else Later(_reason(error))


def _reason(error: SMTPResponseException) -> str:
    """Name the two codes of an answer (RFC 5321, RFC 3463) and leave its words out."""
    enhanced = _ENHANCED.match(error.message)
    return f"mail server: {error.code}{' ' + enhanced[0] if enhanced else ''} ({type(error).__name__})"
