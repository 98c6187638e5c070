"""The mailbox of the street: a real SMTP server on this machine whose letters stay in memory."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.news import News

KEPT = 100
SIZE_LIMIT = 5 * 1024 * 1024
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter as it was received; `to` is the envelope's receiver, `html` and `text` may be empty."""

    id: int
    sender: str
    to: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)


class Mailbox:
    """Listens on a free port of 127.0.0.1 between `open` and `close`; `stop` and `start` play a server that is down."""

    def __init__(self, news: News) -> None:
        self.letters: deque[Letter] = deque(maxlen=KEPT)
        self._news = news
        self._server: asyncio.Server | None = None
        self._port = 0
        self._count = 0
        self._sessions: set[SMTP] = set()

    @property
    def url(self) -> str:
        """The address for SMTP_URL; known after `open`."""
        return f"smtp://{HOST}:{self._port}"

    @property
    def down(self) -> bool:
        """Whether connections are refused."""
        return self._server is None

    async def start(self) -> None:
        """Listen, on the port of the last time if there was one."""
        if self._server is None:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(self._session, HOST, self._port)
            self._port = self._server.sockets[0].getsockname()[1]
            self._news.tell()

    async def stop(self) -> None:
        """Refuse new connections and hang up on those that are open."""
        if self._server is not None:
            server, self._server = self._server, None
            server.close()
            for session in self._sessions:
                if session.transport is not None:
                    session.transport.close()
            self._sessions.clear()
            await server.wait_closed()
            self._news.tell()

    def letter(self, number: int) -> Letter | None:
        """Find a letter by its id."""
        return next((letter for letter in self.letters if letter.id == number), None)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a letter; the name is the one aiosmtpd calls."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = message_from_bytes(content, policy=policy.default)
        self._count += 1
        self.letters.append(_letter(self._count, message, envelope))
        self._news.tell()
        return "250 OK"

    def _session(self) -> SMTP:
        self._sessions = {session for session in self._sessions if session.transport is not None}
        session = SMTP(self, data_size_limit=SIZE_LIMIT, enable_SMTPUTF8=True, hostname="sandbox")
        self._sessions.add(session)
        return session


def _letter(number: int, message: EmailMessage, envelope: Envelope) -> Letter:
    return Letter(
        number,
        sender=str(message["From"] or envelope.mail_from),
        to=", ".join(str(receiver) for receiver in envelope.rcpt_tos),
        subject=str(message["Subject"] or ""),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""
