"""A mail server's URL is read whole or refused, and the password never shows."""

import traceback

import pytest

from bot.channels.smtp_url import Security, SmtpServer, smtp_server
from sales.errors import Misconfigured


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost", SmtpServer("localhost", 25, Security.NONE)),
        ("smtp://127.0.0.1:2525/", SmtpServer("127.0.0.1", 2525, Security.NONE)),
        ("smtps://mail.example.com", SmtpServer("mail.example.com", 465, Security.TLS)),
        ("smtp+starttls://mail.example.com", SmtpServer("mail.example.com", 587, Security.STARTTLS)),
        ("SMTPS://Mail.Example.com:466", SmtpServer("mail.example.com", 466, Security.TLS)),
        ("smtps://u:p@[::1]:465", SmtpServer("::1", 465, Security.TLS, "u", "p")),
        (
            "smtps://shop%40example.com:p%40s%3As%2Fw%C3%B4%25@mail.example.com",
            SmtpServer("mail.example.com", 465, Security.TLS, "shop@example.com", "p@s:s/wô%"),
        ),
        ("smtps://u:p@ss@mail.example.com", SmtpServer("mail.example.com", 465, Security.TLS, "u", "p@ss")),
    ],
)
def test_urls_are_read(url: str, server: SmtpServer) -> None:
    assert smtp_server(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.com",
        "smtp://",
        "smtp://:25",
        "http://u:hush@mail.example.com",
        "smtps://u:hush@mail.example.com:port",
        "smtps://u:hush@mail.example.com:99999",
        "smtps://u:hush/word@mail.example.com",
        "smtps://u:hush#word@mail.example.com",
        "smtps://u:hush?word@mail.example.com",
        "smtps://u:hush@mail.example.com/inbox",
        "smtps://u:hush@mail.example.com?tls=no",
        "smtps://u:hush@[mail.example.com",
        "smtps://u:hush@mail\u2100.example.com",
        "smtps://u:hush@mail.example.com\n",
        "smtps://u:hu sh@mail.example.com",
        "smtps://user@mail.example.com",
        "smtps://:hush@mail.example.com",
    ],
)
def test_bad_urls_do_not_open_and_are_not_quoted(url: str) -> None:
    with pytest.raises(Misconfigured, match="smtp-url") as raised:
        smtp_server(url)
    written = "".join(traceback.format_exception(raised.value, limit=0))
    assert "hush" not in written
    assert raised.value.__context__ is None


def test_the_password_is_not_shown() -> None:
    server = smtp_server("smtps://user:hush@mail.example.com")
    assert server.password == "hush"
    assert "hush" not in f"{server} {server!r}"
    assert "user" in repr(server)
