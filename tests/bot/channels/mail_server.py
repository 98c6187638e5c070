"""A real mail server on loopback that can be told to be difficult, and certificates made on the spot."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class Mailbox:
    """What the server took. `answers` maps a command (MAIL, RCPT, DATA) to the answer it gets instead."""

    answers: dict[str, str] = field(default_factory=dict)
    letters: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    readers: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    protected: list[bool] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    async def handle_MAIL(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        self.options += options
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.raw.append(envelope.content)
        self.letters.append(message_from_bytes(envelope.content, policy=policy.SMTPUTF8))
        self.readers += envelope.rcpt_tos
        self.senders.append(envelope.mail_from)
        self.protected.append(session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None)
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Any, envelope: Any, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"open:sesame/1", handled=False)


@asynccontextmanager
async def serving(mailbox: Mailbox, tls: ssl.SSLContext | None = None, **options: Any) -> AsyncIterator[Mailbox]:
    """Serve `mailbox` on a free port of 127.0.0.1; `tls` wraps the line from its first byte."""
    loop = asyncio.get_running_loop()
    sessions: list[SMTP] = []

    def session() -> SMTP:
        made = SMTP(mailbox, loop=loop, hostname="127.0.0.1", authenticator=mailbox.authenticate, **options)
        sessions.append(made)
        return made

    server = await loop.create_server(session, "127.0.0.1", 0, ssl=tls)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        server.close()
        talks = [session._handler_coroutine for session in sessions]
        for talk in filter(None, talks):
            talk.cancel()
        await asyncio.gather(*filter(None, talks), return_exceptions=True)


@asynccontextmanager
async def mute_server(*, hangs_up: bool) -> AsyncIterator[int]:
    """Listen on a free port without ever saying a word; answers the port."""
    writers: list[asyncio.StreamWriter] = []

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        if hangs_up:
            writer.close()

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in writers:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


def certificate(folder: Path) -> Path:
    """Write a key and a certificate for 127.0.0.1 into one file and answer its path."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "server.pem"
    file.write_bytes(secret + built.public_bytes(serialization.Encoding.PEM))
    return file


def server_side(pem: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def trusting(pem: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=pem)
