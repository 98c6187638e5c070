import pytest

from app.doctor.finding import Mark
from app.doctor.mail import check
from app.words import said
from tests.app.doctor.patients import patient, told
from tests.bot.channels.mail_server import Mailbox, mute_server, serving

LOGIN = "seller:open%3Asesame%2F1"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


def smtp(box: Mailbox, login: str = "") -> dict[str, str]:
    return {"smtp_url": f"smtp://{login}{'@' if login else ''}127.0.0.1:{box.port}", "mail_from": "shop@example.com"}


async def test_a_server_that_takes_us_is_left_without_a_letter(mailbox: Mailbox) -> None:
    async with serving(mailbox, auth_require_tls=False), patient(**smtp(mailbox, LOGIN)) as shop:
        assert told(await check(shop)) == [(Mark.WORKS, "doctor-mail")]
    assert (mailbox.logins, mailbox.letters) == ([("seller", "open:sesame/1")], [])


async def test_a_real_letter_is_sent_only_on_request(mailbox: Mailbox) -> None:
    async with serving(mailbox), patient(mail_to="an@example.com", **smtp(mailbox)) as shop:
        assert told(await check(shop)) == [(Mark.WORKS, "doctor-mail"), (Mark.WORKS, "doctor-letter-sent")]
    [letter] = mailbox.letters
    assert (mailbox.readers, letter["From"]) == (["an@example.com"], "shop@example.com")


async def test_a_wrong_password_is_told_by_the_servers_code(mailbox: Mailbox) -> None:
    async with serving(mailbox, auth_require_tls=False), patient(**smtp(mailbox, "seller:wrong-word")) as shop:
        found = await check(shop)
    assert told(found) == [(Mark.BROKEN, "doctor-mail-refused")]
    sentence = said(found[0].message, found[0].values)
    assert ("535" in sentence, "wrong-word" in sentence) == (True, False)


async def test_a_letter_that_is_refused_is_told(mailbox: Mailbox) -> None:
    mailbox.answers["RCPT"] = "550 5.1.1 no such user"
    async with serving(mailbox), patient(mail_to="an@example.com", **smtp(mailbox)) as shop:
        found = await check(shop)
    assert told(found) == [(Mark.BROKEN, "doctor-mail-refused")]
    assert "550 5.1.1" in said(found[0].message, found[0].values)


async def test_a_server_without_starttls_is_not_trusted_with_a_password(mailbox: Mailbox) -> None:
    async with serving(mailbox):
        url = f"smtp+starttls://{LOGIN}@127.0.0.1:{mailbox.port}"
        async with patient(smtp_url=url, mail_from="shop@example.com") as shop:
            assert told(await check(shop)) == [(Mark.BROKEN, "doctor-mail-refused")]
    assert mailbox.logins == []


async def test_a_server_that_hangs_up_is_told() -> None:
    sender = "shop@example.com"
    async with (
        mute_server(hangs_up=True) as port,
        patient(smtp_url=f"smtp://127.0.0.1:{port}", mail_from=sender) as shop,
    ):
        assert told(await check(shop)) == [(Mark.BROKEN, "doctor-mail-refused")]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"smtp_url": "ftp://x", "mail_from": "shop@example.com"}, "smtp-url-scheme"),
        ({"smtp_url": "smtp://x", "mail_from": "nobody"}, "mail-from-malformed"),
    ],
)
async def test_settings_that_are_wrong_are_named(settings: dict[str, str], message: str) -> None:
    async with patient(**settings) as shop:
        assert told(await check(shop)) == [(Mark.BROKEN, message)]


async def test_without_mail_a_test_letter_cannot_be_sent() -> None:
    async with patient() as shop:
        assert told(await check(shop)) == [(Mark.MISSING, "start-no-mail")]
    async with patient(mail_to="an@example.com") as shop:
        assert told(await check(shop))[1] == (Mark.BROKEN, "doctor-no-mail")
