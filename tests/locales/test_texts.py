"""Values are written for the reader; nothing a person types can become markup."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from locales import Texts, plain
from locales.texts import Unsayable
from sales.money import Money

NBSP = "\u00a0"
MOMENT = datetime(2026, 11, 21, 18, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts()


def said(texts: Texts, language: str, value: object, zone: str = "Asia/Ho_Chi_Minh") -> str:
    return texts.say(language, "card-deadline", {"deadline": value}, zone).removeprefix(
        texts.say(language, "card-deadline", {"deadline": ""}, zone)
    )


@pytest.mark.parametrize(
    ("language", "money", "expected"),
    [
        ("vi", Money(199_000), f"199.000{NBSP}₫"),
        ("vi", Money(1_999_000), f"1.999.000{NBSP}₫"),
        ("vi", Money(0), f"0{NBSP}₫"),
        ("vi", Money(-5000), f"-5.000{NBSP}₫"),
        ("en", Money(199_000), f"199,000{NBSP}₫"),
        ("en", Money(950, "USD"), "$9.50"),
        ("en", Money(1, "USD"), "$0.01"),
        ("en", Money(-12_345_678, "USD"), "-$123,456.78"),
        ("vi", Money(950, "USD"), f"9,50{NBSP}US$"),
        ("en", Money(4000, "KHR"), f"4,000{NBSP}KHR"),
        ("vi", Money(4000, "KHR"), f"4.000{NBSP}KHR"),
        ("en", Money(50, "XTR"), f"50{NBSP}⭐"),
        ("vi", Money(1500, "XTR"), f"1.500{NBSP}⭐"),
        ("vi", Money(10**18 + 1), f"1.000.000.000.000.000.001{NBSP}₫"),
    ],
)
def test_money(texts: Texts, language: str, money: Money, expected: str) -> None:
    assert said(texts, language, money) == expected


@pytest.mark.parametrize(
    ("language", "zone", "expected"),
    [
        ("vi", "Asia/Ho_Chi_Minh", "01:05, 22/11/2026"),
        ("en", "Asia/Ho_Chi_Minh", "01:05, 22 Nov 2026"),
        ("vi", "Europe/Berlin", "19:05, 21/11/2026"),
        ("en", "America/New_York", "13:05, 21 Nov 2026"),
    ],
)
def test_times_stand_in_the_shops_zone(texts: Texts, language: str, zone: str, expected: str) -> None:
    assert said(texts, language, MOMENT, zone) == expected


@pytest.mark.parametrize(
    ("seconds", "vi", "en"),
    [
        (0, "0 giây", "0 sec"),
        (2.34, "2,3 giây", "2.3 sec"),
        (12.6, "13 giây", "13 sec"),
        (119, "119 giây", "119 sec"),
        (120, "2 phút", "2 min"),
        (7_199, "120 phút", "120 min"),
        (7_200, "2 giờ", "2 hr"),
        (400_000, "111 giờ", "111 hr"),
    ],
)
def test_a_duration_stands_in_the_unit_a_person_would_choose(texts: Texts, seconds: float, vi: str, en: str) -> None:
    assert said(texts, "vi", timedelta(seconds=seconds)) == vi
    assert said(texts, "en", timedelta(seconds=seconds)) == en


def test_a_moment_without_a_zone_is_a_bug(texts: Texts) -> None:
    with pytest.raises(ValueError, match="zone"):
        said(texts, "vi", MOMENT.replace(tzinfo=None))


def test_whole_numbers_stay_plain(texts: Texts) -> None:
    assert said(texts, "vi", 1234567) == said(texts, "en", 1234567) == "1234567"


def test_english_counts_and_vietnamese_does_not(texts: Texts) -> None:
    assert texts.say("en", "duration-days", {"days": 1}) == "1 day"
    assert texts.say("en", "duration-days", {"days": 3650}) == "3650 days"
    assert texts.say("vi", "duration-days", {"days": 1}) == "1 ngày"


@pytest.mark.parametrize("name", ["<b>x", "{$y}", '{"', "a & b", "x < y > z", "</code>", "&lt;", "{ card-title }"])
def test_a_name_stays_text(texts: Texts, name: str) -> None:
    markup = said(texts, "vi", name)
    assert "<" not in markup
    assert plain(markup) == name


def test_nothing_is_written_for_none_and_nothing_for_strangers(texts: Texts) -> None:
    assert said(texts, "vi", None) == ""
    with pytest.raises(TypeError, match="float"):
        said(texts, "vi", 1.5)


def test_plain_drops_only_the_light_markup() -> None:
    assert plain("<b>A</b> &amp; <i>B</i>: <code>X&lt;1&gt;</code> <u>") == "A & B: X<1> <u>"


def test_a_missing_value_is_a_bug(texts: Texts) -> None:
    with pytest.raises(Unsayable, match="deadline"):
        texts.say("vi", "card-deadline")


def test_attributes_are_said_like_sentences(texts: Texts) -> None:
    assert texts.say("vi", "copy-key.noun") == "Mã kích hoạt"
    assert texts.knows("copy-key.noun")
    assert not texts.knows("copy-key.verb")
    assert not texts.knows("never-written")
    with pytest.raises(Unsayable, match="verb"):
        texts.say("vi", "copy-key.verb")


@pytest.mark.parametrize(
    ("reported", "language"),
    [("vi", "vi"), ("en", "en"), ("en-US", "en"), ("EN_gb", "en"), ("vi-VN", "vi"), ("km", "vi"), ("", "vi")],
)
def test_the_nearest_language_is_found(texts: Texts, reported: str, language: str) -> None:
    assert texts.match(reported) == language


def test_unknown_languages_speak_vietnamese(texts: Texts) -> None:
    assert texts.say("km", "duration-lifetime") == "Trọn đời"


def test_a_language_is_one_file_and_its_gaps_are_vietnamese(tmp_path: Path) -> None:
    (tmp_path / "vi.ftl").write_text("hello = Xin chào\nbye = Tạm biệt\n", encoding="utf-8")
    (tmp_path / "de.ftl").write_text("hello = Guten Tag\n", encoding="utf-8")
    texts = Texts(tmp_path)
    assert texts.languages() == ("vi", "de")
    assert texts.match("de-AT") == "de"
    assert [texts.say("de", message) for message in ("hello", "bye")] == ["Guten Tag", "Tạm biệt"]
    with pytest.raises(Unsayable, match="never"):
        texts.say("de", "never")


def test_a_broken_file_does_not_load(tmp_path: Path) -> None:
    (tmp_path / "vi.ftl").write_text("hello = { $name\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"vi\.ftl"):
        Texts(tmp_path)
