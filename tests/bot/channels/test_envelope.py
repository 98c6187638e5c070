"""The message on the wire, and the addresses on it."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from bot.channels.envelope import Envelope, reader_of, sender_of
from bot.channels.letter import Letter
from sales.errors import Misconfigured, Rejected

NOW = datetime(2026, 11, 21, 7, 30, tzinfo=UTC)
SHORT = Letter("Mã của bạn", "<p>ộ</p>", "ộ", "vi")


def envelope(to: str = "a@example.com", mail_from: str = "Tiệm <shop@example.com>", key: str = "k") -> Envelope:
    return Envelope(sender_of(mail_from), reader_of(to), key, NOW)


def test_even_a_short_letter_is_seven_bit_and_reads_back() -> None:
    raw = envelope().seal(SHORT)
    assert raw.isascii()
    message = message_from_bytes(raw, policy=policy.SMTP)
    assert [part.get_content().strip() for part in message.iter_parts()] == ["ộ", "<p>ộ</p>"]  # type: ignore[attr-defined]
    assert message["Content-Language"] == "vi"


def test_the_same_letter_is_the_same_bytes_but_for_its_boundary() -> None:
    first, again = (message_from_bytes(envelope().seal(SHORT)).items() for _ in range(2))
    assert [item for item in first if item[0] != "Content-Type"] == [
        item for item in again if item[0] != "Content-Type"
    ]


def test_the_message_id_hides_the_key_and_follows_it() -> None:
    assert envelope().message_id == envelope("b@example.com").message_id != envelope(key="l").message_id
    assert "order-77" not in envelope(key="order-77").message_id


@pytest.mark.parametrize(
    ("mail_from", "name", "address"),
    [
        ("shop@example.com", "", "shop@example.com"),
        ("Tiệm Khóa <shop@example.com>", "Tiệm Khóa", "shop@example.com"),
        ('"Khóa, Tiệm" <shop@example.com>', "Khóa, Tiệm", "shop@example.com"),
        ("Shop <shop@bücher.example>", "Shop", "shop@xn--bcher-kva.example"),
    ],
)
def test_senders_are_read(mail_from: str, name: str, address: str) -> None:
    sender = sender_of(mail_from)
    assert (sender.display_name, sender.addr_spec) == (name, address)


def test_a_sender_is_the_sellers_fault_and_a_reader_is_not() -> None:
    with pytest.raises(Misconfigured):
        sender_of("shop@a..b")
    with pytest.raises(Rejected):
        reader_of("reader@a..b")


def test_only_an_address_beyond_ascii_needs_utf8() -> None:
    assert not envelope().needs_utf8
    assert not envelope("a@bücher.example").needs_utf8
    assert envelope("ngữ@example.com").needs_utf8
    assert "ngữ@example.com".encode() in envelope("ngữ@example.com").seal(SHORT)
