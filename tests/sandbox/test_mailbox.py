"""The mailbox, by real SMTP."""

from email.message import EmailMessage

import aiosmtplib
import pytest

from sandbox.mailbox import KEPT, Mailbox
from sandbox.news import News
from tests.sandbox.house import House


def letter(subject: str = "Khóa của bạn", html: str = "") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Chốt Đơn <shop@example.com>", "a@example.com", subject
    message.set_content("Khóa: ABCD\n")
    if html:
        message.add_alternative(html, subtype="html")
    return message


async def send(url: str, message: EmailMessage) -> None:
    host, port = url.removeprefix("smtp://").split(":")
    await aiosmtplib.send(message, hostname=host, port=int(port), timeout=5)


async def test_a_letter_is_taken_apart(house: House) -> None:
    await send(house.street.smtp_url, letter(html="<p>Khóa: <b>ABCD</b></p>"))
    (shown,) = (await house.state())["mail"]["letters"]
    assert shown == {
        "id": 1,
        "from": "Chốt Đơn <shop@example.com>",
        "to": "a@example.com",
        "subject": "Khóa của bạn",
        "html": True,
    }
    async with house.session.get("/sandbox/api/mail/1") as answer:
        assert (await answer.json())["text"] == "Khóa: ABCD\n"


async def test_html_is_shown_where_no_script_runs_and_nothing_loads(house: House) -> None:
    await send(house.street.smtp_url, letter(html="<script>alert(1)</script>"))
    async with house.session.get("/sandbox/api/mail/1/html") as answer:
        assert "alert(1)" in await answer.text()
        policy = answer.headers["Content-Security-Policy"]
    assert {"sandbox", "default-src 'none'", "frame-ancestors 'self'"} <= set(policy.split("; "))
    assert "script" not in policy


@pytest.mark.parametrize("path", ["1", "1/html", "x", "9" * 40])
async def test_a_letter_that_does_not_exist(house: House, path: str) -> None:
    async with house.session.get(f"/sandbox/api/mail/{path}") as answer:
        assert answer.status == 404


async def test_a_server_that_is_down_refuses_and_comes_back_at_the_same_address(house: House) -> None:
    url = house.street.smtp_url
    await house.post("faults", mail_down=True)
    assert (await house.state())["mail"]["down"] is True
    with pytest.raises(aiosmtplib.SMTPConnectError):
        await send(url, letter())
    await house.post("faults", mail_down=False)
    assert house.street.smtp_url == url
    await send(url, letter("again"))
    assert [one["subject"] for one in (await house.state())["mail"]["letters"]] == ["again"]


async def test_going_down_hangs_up_on_open_sessions(house: House) -> None:
    host, port = house.street.smtp_url.removeprefix("smtp://").split(":")
    client = aiosmtplib.SMTP(hostname=host, port=int(port), timeout=5)
    await client.connect()
    await house.street.mailbox.stop()
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await client.noop()
    client.close()


async def test_a_letter_without_headers_still_has_its_envelope(house: House) -> None:
    host, port = house.street.smtp_url.removeprefix("smtp://").split(":")
    async with aiosmtplib.SMTP(hostname=host, port=int(port), timeout=5) as client:
        await client.sendmail("from@example.com", ["to@example.com"], "just words")
    (kept,) = house.street.mailbox.letters
    assert (kept.sender, kept.to, kept.subject, kept.html) == ("from@example.com", "to@example.com", "", "")
    assert "just words" in kept.text


async def test_the_oldest_letters_go() -> None:
    mailbox = Mailbox(News())
    await mailbox.start()
    host, port = mailbox.url.removeprefix("smtp://").split(":")
    async with aiosmtplib.SMTP(hostname=host, port=int(port), timeout=5) as client:
        for number in range(KEPT + 2):
            await client.send_message(letter(str(number)))
    await mailbox.stop()
    assert mailbox.letter(2) is None
    assert [one.subject for one in mailbox.letters] == [str(n) for n in range(2, KEPT + 2)]


async def test_contents_never_reach_a_repr(house: House) -> None:
    await send(house.street.smtp_url, letter(html="<p>ABCD</p>"))
    assert "ABCD" not in repr(house.street.mailbox.letters[0])
