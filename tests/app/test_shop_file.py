"""The shop file: what is right is taken over, what is wrong is told with its place."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.shop_file import BrokenShopFile, Mistake, parse_shop_file, read_shop_file
from app.words import mistakes
from sales.catalogue import Kind, Link
from sales.money import Money
from tests.house.source import ROOT

GOOD = """\
[shop]
name = "Shop"
code_prefix = "KX"

[[product]]
slug = "app"
kind = "licence"
name = "App"

[[product.plan]]
slug = "app-30"
name = "One month"
days = 30
price = 79_000

[[product]]
slug = "course"
kind = "course"
name = "Course"

[[product.link]]
title = "Go"
url = "https://example.com/go"

[[product.plan]]
slug = "course-forever"
name = "For ever"
price = 299_000
"""


def broken(text: str) -> list[Mistake]:
    with pytest.raises(BrokenShopFile) as told:
        parse_shop_file(text)
    return told.value.mistakes


def test_the_example_shop_is_fine() -> None:
    shop = read_shop_file(ROOT / "shop.toml")
    assert [product.kind for product in shop.products] == [Kind.LICENCE, Kind.COURSE]
    assert shop.products[0].plans[2].days is None


@pytest.mark.parametrize(
    "text", [f"a = {'[' * 5000}{']' * 5000}", f"a = {'9' * 5000}"], ids=["too deep", "too many digits"]
)
def test_what_the_toml_reader_trips_over_is_told_too(text: str) -> None:
    assert [mistake.message for mistake in broken(text)] == ["mistake-toml"]


def test_a_small_file_gets_the_defaults() -> None:
    shop = parse_shop_file(GOOD)
    assert (shop.payment_window, shop.monitoring) == (timedelta(minutes=30), timedelta(hours=24))
    assert (shop.zone, shop.language, shop.email_optional) == ("Asia/Ho_Chi_Minh", "vi", True)
    assert shop.products[0].plans[0].prices == (Money(79_000, "VND"),)
    assert shop.products[1].links == (Link("Go", "https://example.com/go"),)


@pytest.mark.parametrize(
    ("good", "bad", "message", "line", "place"),
    [
        ('name = "Shop"\n', "", "mistake-missing", 1, ("shop", "name")),
        ('code_prefix = "KX"', 'code_prefix = "DH"', "mistake-prefix", 3, ("shop", "code_prefix")),
        ('code_prefix = "KX"', 'code_prefix = "KX"\nzone = "Mars"', "mistake-zone", 4, ("shop", "zone")),
        ('kind = "licence"', 'kind = "car"', "mistake-choice", 7, ("product", 0, "kind")),
        ("price = 79_000", "price = 79.5", "mistake-number", 14, ("product", 0, "plan", 0, "price")),
        ("price = 79_000", 'price = "79000"', "mistake-number", 14, ("product", 0, "plan", 0, "price")),
        ("price = 79_000", "price = 0", "mistake-too-small", 14, ("product", 0, "plan", 0, "price")),
        ("price = 299_000", "price = 500_000_000", "mistake-too-big", 28, ("product", 1, "plan", 0, "price")),
        ("days = 30", "days = true", "mistake-number", 13, ("product", 0, "plan", 0, "days")),
        ('slug = "course-forever"', 'slug = "Course"', "mistake-pattern", 26, ("product", 1, "plan", 0, "slug")),
        ('url = "https://example.com/go"', 'url = "example"', "mistake-pattern", 23, ("product", 1, "link", 0, "url")),
        (
            'url = "https://example.com/go"',
            'url = "http://localhost/go"',
            "mistake-pattern",
            23,
            ("product", 1, "link", 0, "url"),
        ),
        ("days = 30", "dais = 30", "mistake-unknown", 13, ("product", 0, "plan", 0, "dais")),
        ('slug = "course-forever"', 'slug = "app-30"', "mistake-slug-twice", 26, ("product", 1, "plan", 0, "slug")),
        ('kind = "course"', 'kind = "licence"', "mistake-licence-with-link", 16, ("product", 1)),
        ('name = "One month"', 'name = ""', "mistake-empty", 12, ("product", 0, "plan", 0, "name")),
        ('name = "App"', 'name = "App"\ndownload_url = "x"', "mistake-pattern", 9, ("product", 0, "download_url")),
        ("price = 79_000", "price = 79.000", "mistake-thousands", 14, ("product", 0, "plan", 0, "price")),
        ("price = 79_000", "price = 79,000", "mistake-thousands", 14, ()),
        ("price = 79_000", "price=1.490.000 # dear", "mistake-thousands", 14, ()),
    ],
)
def test_each_mistake_is_told_with_its_place(
    good: str, bad: str, message: str, line: int, place: tuple[str | int, ...]
) -> None:
    assert good in GOOD
    (found,) = broken(GOOD.replace(good, bad, 1))
    assert (found.message, found.line, found.place) == (message, line, place)


def test_all_mistakes_are_told_at_once() -> None:
    text = GOOD.replace("price = 79_000", "price = -1").replace('kind = "course"', 'kind = "book"')
    assert [each.message for each in broken(text)] == ["mistake-too-small", "mistake-choice"]


def test_mistakes_stand_in_the_order_of_their_lines() -> None:
    text = GOOD.replace("price = 299_000", "price = 0").replace('name = "Shop"', 'name = ""')
    text = text.replace('kind = "licence"', 'kind = "car"').replace('name = "App"', 'nome = "App"')
    assert [each.line for each in broken(text)] == sorted(each.line for each in broken(text))
    assert broken(text)[-1].message == "mistake-too-small"
    twice = GOOD.replace('slug = "course-forever"', 'slug = "app-30"').replace('kind = "course"', 'kind = "licence"')
    assert [each.message for each in broken(twice)] == ["mistake-licence-with-link", "mistake-slug-twice"]


@pytest.mark.parametrize("lang", ["vi_VN.UTF-8", "en_US.UTF-8"])
def test_no_words_of_the_reader_s_own_come_through(monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    monkeypatch.setenv("LC_ALL", lang)
    text = GOOD.replace('kind = "licence"', 'kind = "car"\ndownload_url = "x"')
    kind, address = mistakes(broken(text))
    assert kind.endswith(": licence, course.")
    assert " or " not in kind
    assert "product 1 › download_url:" in address
    assert "constrained" not in address


@pytest.mark.parametrize("written", ["79,000", "79.000"])
def test_thousands_are_shown_as_the_file_wants_them(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    (line,) = mistakes(broken(GOOD.replace("price = 79_000", f"price = {written}")))
    assert line.endswith(f"write 79_000, not {written}.")


def test_an_empty_download_url_is_none() -> None:
    shop = parse_shop_file(GOOD.replace('name = "App"', 'name = "App"\ndownload_url = ""'))
    assert shop.products[0].download_url == ""


def test_a_course_needs_a_link() -> None:
    text = GOOD.replace('[[product.link]]\ntitle = "Go"\nurl = "https://example.com/go"\n', "")
    (found,) = broken(text)
    assert (found.message, found.values["name"]) == ("mistake-course-without-link", "Course")


def test_a_file_without_products_or_plans_is_refused() -> None:
    assert [each.place for each in broken('[shop]\nname = "S"\ncode_prefix = "KX"\n')] == [("product",)]
    bare = '[shop]\nname = "S"\ncode_prefix = "KX"\nproduct = []\n'
    assert broken(bare.replace("product", "products"))[0].message in {"mistake-unknown", "mistake-missing"}


def test_broken_toml_is_told_with_its_line() -> None:
    (found,) = broken(GOOD.replace("days = 30", "days = = 30"))
    assert (found.message, found.line) == ("mistake-toml", 13)


def test_a_missing_file_and_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(BrokenShopFile) as missing:
        read_shop_file(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes("name = 'Tiệm'".encode("cp1258", "replace") + b"\xff")
    with pytest.raises(BrokenShopFile) as latin:
        read_shop_file(tmp_path / "latin.toml")
    assert [missing.value.mistakes[0].message, latin.value.mistakes[0].message] == [
        "mistake-no-file",
        "mistake-not-utf8",
    ]


@pytest.mark.parametrize("lang", ["vi_VN.UTF-8", "en_US.UTF-8"])
def test_every_mistake_has_plain_words(monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    monkeypatch.setenv("LC_ALL", lang)
    (line,) = mistakes(broken(GOOD.replace("price = 299_000", 'price = "?"')))
    assert "product 2 › plan 1 › price" in line
    assert "28" in line


def test_how_to_reach_a_person_is_optional() -> None:
    assert parse_shop_file(GOOD).contact == ""
    named = GOOD.replace("[shop]", '[shop]\ncontact = "Zalo 0900 000 000, @shop"')
    assert parse_shop_file(named).contact == "Zalo 0900 000 000, @shop"


@pytest.mark.parametrize("contact", ["c" * 101, "two\\nlines", " @shop", "\\u202e@shop"])
def test_a_contact_is_one_readable_line(contact: str) -> None:
    (mistake,) = broken(GOOD.replace("[shop]", f'[shop]\ncontact = "{contact}"'))
    assert (mistake.message, mistake.place, mistake.line) == ("mistake-contact", ("shop", "contact"), 2)
    assert "contact" in mistakes([mistake])[0]
