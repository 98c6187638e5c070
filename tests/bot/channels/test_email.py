"""Letters go out over real SMTP; every answer of a server has its meaning; nothing private gets into errors."""

import asyncio
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.terminal import Terminal
from bot.channels.email import AT_ONCE, Email
from bot.channels.smtp_url import smtp_server
from flows.channel import Address, Channel, Picture
from flows.messages import Choice, Reply, Say
from locales import Texts
from sales.errors import Later, Misconfigured, Rejected
from sales.money import Money
from tests.bot.channels.mail_server import Mailbox, certificate, mute_server, server_side, serving, trusting

NOW = datetime(2026, 11, 21, 7, 30, tzinfo=UTC)
READER = Address("nguyen.van.a@example.com", "vi", "Asia/Ho_Chi_Minh")
REPLY = Reply(
    lines=(Say("card-deadline", {"deadline": NOW}), Say("card-deadline", {"deadline": Money(199000)})),
    choices=((Choice(Say("copy-key"), copy="ABCD-EFGH-JKLM-NPQR"), Choice(Say("help"), token="h")),),
    title=Say("email-subject", {"shop": "Tiệm Khóa"}),
)
PASSWORD = "open:sesame/1"
LOGIN = "nguyen%40shop:open%3Asesame%2F1@"

# aiosmtpd warns that a login without TLS is open to all who listen; here that is the server's own loopback.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")


def channel(url: str, **options: object) -> Email:
    sender = "Tiệm Khóa <shop@example.com>"
    return Email(smtp_server(url), sender, Texts(), lambda: NOW, **options)  # type: ignore[arg-type]


async def sent(mailbox: Mailbox, reply: Reply = REPLY, to: str = READER.to, **server: object) -> str:
    async with serving(mailbox, **server):  # type: ignore[arg-type]
        mouth: Channel = channel(f"smtp://127.0.0.1:{mailbox.port}")
        return await mouth.show(Address(to, "vi", "Asia/Ho_Chi_Minh"), reply, "order:1:mail")


async def test_a_letter_arrives_with_all_its_headers() -> None:
    mailbox = Mailbox()
    answered = await sent(mailbox)
    (letter,) = mailbox.letters
    assert str(letter["From"]) == "Tiệm Khóa <shop@example.com>"
    assert str(letter["To"]) == READER.to
    assert str(letter["Subject"]) == "Tin nhắn từ Tiệm Khóa"
    assert letter["Message-ID"] == answered
    assert letter["Date"].datetime == NOW
    assert letter["Auto-Submitted"] == "auto-generated"
    assert (mailbox.senders, mailbox.readers) == (["shop@example.com"], [READER.to])


async def test_it_says_the_same_in_text_and_in_html() -> None:
    mailbox = Mailbox()
    await sent(mailbox)
    (letter,) = mailbox.letters
    assert letter.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    for kind in ("plain", "html"):
        body = letter.get_body((kind,))
        assert body is not None
        for words in ("14:30, 21/11/2026", "199.000\u00a0₫", "Mã kích hoạt", "ABCD-EFGH-JKLM-NPQR", "Tiệm Khóa"):
            assert words in body.get_content()
        assert "Trợ giúp" not in body.get_content(), "a token cannot be pressed in a letter"


async def test_the_wire_is_plain_seven_bit_ascii() -> None:
    mailbox = Mailbox()
    await sent(mailbox)
    assert mailbox.raw[0].isascii()
    assert max(map(len, mailbox.raw[0].splitlines())) <= 998
    assert not any(option.upper() == "SMTPUTF8" for option in mailbox.options)


async def test_the_same_key_is_the_same_message() -> None:
    mailbox = Mailbox()
    async with serving(mailbox):
        mouth = channel(f"smtp://127.0.0.1:{mailbox.port}")
        ids = [await mouth.show(READER, REPLY, key) for key in ("a", "a", "b")]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0].endswith("@example.com>")


async def test_a_picture_travels_inside_the_letter() -> None:
    mailbox = Mailbox()
    async with serving(mailbox):
        mouth = channel(f"smtp://127.0.0.1:{mailbox.port}")
        await mouth.show(READER, REPLY, "k", Picture("card.png", b"\x89PNG\r\n\x1a\nxyz"))
    (letter,) = mailbox.letters
    (image,) = [part for part in letter.walk() if part.get_content_type() == "image/png"]
    assert image.get_content() == b"\x89PNG\r\n\x1a\nxyz"
    assert image["Content-ID"] == "<picture>"
    html = letter.get_body(("html",))
    assert html is not None
    assert 'src="cid:picture"' in html.get_content()


@pytest.mark.parametrize(
    ("command", "answer", "error"),
    [
        ("RCPT", "550 5.1.1 <nguyen.van.a@example.com> no such user", Rejected),
        ("RCPT", "553 nobody here by the name of nguyen.van.a@example.com", Rejected),
        ("RCPT", "450 4.2.1 greylisted", Later),
        ("RCPT", "530 5.7.0 log in first", Later),
        ("DATA", "554 5.7.1 looks like spam", Rejected),
        ("DATA", "451 4.3.0 try again", Later),
        ("MAIL", "550 5.7.1 sender shop@example.com not allowed", Later),
        ("MAIL", "421 4.3.2 shutting down", Later),
    ],
)
async def test_each_answer_has_its_meaning(command: str, answer: str, error: type[Exception]) -> None:
    mailbox = Mailbox({command: answer})
    with pytest.raises(error, match=answer[:3]) as raised:
        await sent(mailbox)
    assert not mailbox.letters
    written = "".join(traceback.format_exception(raised.value))
    assert "nguyen.van.a@" not in written
    assert raised.value.__context__ is None


async def test_the_enhanced_code_is_kept_and_the_words_are_not() -> None:
    with pytest.raises(Rejected) as raised:
        await sent(Mailbox({"RCPT": "550 5.1.1 no such user"}))
    assert str(raised.value) == "mail server: 550 5.1.1 (SMTPRecipientRefused)"


async def test_nobody_listening_is_later(unused_tcp_port: int) -> None:
    with pytest.raises(Later, match="SMTPConnectError"):
        await channel(f"smtp://127.0.0.1:{unused_tcp_port}").show(READER, REPLY, "k")


async def test_a_silent_server_is_later() -> None:
    async with mute_server(hangs_up=False) as port:
        with pytest.raises(Later, match="Timeout"):
            await channel(f"smtp://127.0.0.1:{port}", patience=0.05).show(READER, REPLY, "k")


async def test_a_server_that_hangs_up_is_later() -> None:
    async with mute_server(hangs_up=True) as port:
        with pytest.raises(Later):
            await channel(f"smtp://127.0.0.1:{port}").show(READER, REPLY, "k")


async def test_a_letter_that_was_taken_is_sent_even_if_parting_fails() -> None:
    class Abrupt(Mailbox):
        async def handle_QUIT(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
            server.transport.abort()  # type: ignore[attr-defined]
            return "221 Bye"

    mailbox = Abrupt()
    assert await sent(mailbox)
    assert len(mailbox.letters) == 1


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls"))


async def test_smtps_is_protected_from_the_first_byte_and_logs_in(pem: Path) -> None:
    async with serving(Mailbox(), tls=server_side(pem), auth_require_tls=False) as mailbox:
        mouth = channel(f"smtps://{LOGIN}127.0.0.1:{mailbox.port}", tls=trusting(pem))
        await mouth.show(READER, REPLY, "k")
    assert mailbox.protected == [True]
    assert mailbox.logins == [("nguyen@shop", PASSWORD)]


async def test_starttls_is_protected_before_the_login(pem: Path) -> None:
    async with serving(Mailbox(), tls_context=server_side(pem), require_starttls=True) as mailbox:
        mouth = channel(f"smtp+starttls://{LOGIN}127.0.0.1:{mailbox.port}", tls=trusting(pem))
        await mouth.show(READER, REPLY, "k")
    assert mailbox.protected == [True]
    assert mailbox.logins == [("nguyen@shop", PASSWORD)]


async def test_starttls_is_not_given_up_when_the_server_has_none() -> None:
    async with serving(Mailbox(), auth_require_tls=False) as mailbox:
        with pytest.raises(Later):
            await channel(f"smtp+starttls://{LOGIN}127.0.0.1:{mailbox.port}").show(READER, REPLY, "k")
    assert not mailbox.letters
    assert not mailbox.logins, "the password is never said on an open line"


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
async def test_a_stranger_with_a_certificate_of_his_own_gets_nothing(scheme: str, pem: Path) -> None:
    wrapped = {"tls": server_side(pem)} if scheme == "smtps" else {"tls_context": server_side(pem)}
    async with serving(Mailbox(), **wrapped) as mailbox:
        with pytest.raises(Later):
            await channel(f"{scheme}://{LOGIN}127.0.0.1:{mailbox.port}").show(READER, REPLY, "k")
    assert not mailbox.letters
    assert not mailbox.logins


async def test_a_refused_login_is_later_and_keeps_the_password() -> None:
    async with serving(Mailbox(), auth_require_tls=False) as mailbox:
        mouth = channel(f"smtp://user:wrong-secret@127.0.0.1:{mailbox.port}")
        with pytest.raises(Later, match="535") as raised:
            await mouth.show(READER, REPLY, "k")
    assert set(mailbox.logins) == {("user", "wrong-secret")}
    assert "wrong-secret" not in "".join(traceback.format_exception(raised.value)) + repr(vars(mouth))


@pytest.mark.parametrize(
    "to", ["a@b.vn\r\nBcc: x@y.vn", "a@b.vn, c@d.vn", "a b@c.vn", "nobody", "", "<a@b.vn>", "a@b@c"]
)
async def test_what_is_no_single_address_is_never_sent_to(to: str) -> None:
    mailbox = Mailbox()
    with pytest.raises(Rejected) as raised:
        await sent(mailbox, to=to)
    assert not mailbox.letters
    assert "b.vn" not in str(raised.value)


async def test_a_name_cannot_begin_a_header() -> None:
    mailbox = Mailbox()
    shop = "Shop\r\nBcc: thief@example.com\r\n\r\n<b>body\u2028x"
    await sent(mailbox, Reply(title=Say("email-subject", {"shop": shop})))
    (letter,) = mailbox.letters
    assert letter["Bcc"] is None
    assert str(letter["Subject"]) == "Tin nhắn từ Shop Bcc: thief@example.com <b>body x"


async def test_smtputf8_only_for_an_address_that_needs_it() -> None:
    mailbox = Mailbox()
    await sent(mailbox, to="ngữ@example.com", enable_SMTPUTF8=True)
    assert any(option.upper() == "SMTPUTF8" for option in mailbox.options)
    assert mailbox.readers == ["ngữ@example.com"]
    with pytest.raises(Rejected, match="ASCII"):
        await sent(Mailbox(), to="ngữ@example.com", enable_SMTPUTF8=False)


async def test_a_domain_beyond_ascii_travels_as_its_twin() -> None:
    mailbox = Mailbox()
    await sent(mailbox, to="a@bücher.example")
    assert mailbox.readers == ["a@xn--bcher-kva.example"]


@pytest.mark.parametrize("mail_from", ["", "Shop", "shop@", "Shop <a@b.vn>\r\nBcc: x@y.vn", "a@b..vn", "a@b.vn\n"])
def test_a_bad_sender_does_not_open(mail_from: str) -> None:
    with pytest.raises(Misconfigured, match="mail-from"):
        Email(smtp_server("smtp://127.0.0.1"), mail_from, Texts())


class Counting(Mailbox):
    """A server that counts the letters that are on their way to it at one time."""

    under_way = most = 0

    async def handle_MAIL(self, *told: Any) -> str:  # noqa: N802
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        return await super().handle_MAIL(*told)

    async def handle_DATA(self, *told: Any) -> str:  # noqa: N802
        self.under_way -= 1
        return await super().handle_DATA(*told)


async def test_many_letters_at_once_share_a_handful_of_lines() -> None:
    mailbox = Counting()
    async with serving(mailbox):
        mouth = channel(f"smtp://127.0.0.1:{mailbox.port}")
        await asyncio.gather(*(mouth.show(READER, REPLY, f"order:{number}:mail") for number in range(30)))
    assert len(mailbox.letters) == 30
    assert 1 < mailbox.most <= AT_ONCE


async def test_neither_letters_nor_the_terminal_take_payments() -> None:
    mouths: tuple[Channel, ...] = (channel("smtp://127.0.0.1:1"), Terminal())
    for mouth in mouths:
        with pytest.raises(Rejected):
            await mouth.refund_stars("42", "stx1")
