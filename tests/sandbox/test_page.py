"""The page: its parts, its words, and what it may do."""

import json
import re

import pytest

from sandbox.api.pages import FOLDER, TYPES
from sandbox.bank.faults import Fault
from sandbox.words import WORDS
from tests.sandbox.house import House

HTML = (FOLDER / "index.html").read_text(encoding="utf-8")
PARTS = [path for path in FOLDER.iterdir() if path.suffix in TYPES]
SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.js")}
TEST_IDS = (
    "chat chat-input chat-send chat-commands chat-start chat-unblock phone-buyer phone-seller toast alert "
    "bank-scan bank-pay bank-fault bank-amount bank-memo bank-account bank-trouble payments mail mail-back "
    "letter-html clock clock-forward clock-forward-minute clock-forward-day fault-chat-down fault-limit "
    "fault-pay-twice "
    "fault-mail-down fault-block fault-payos-down fault-payos-slow fault-payos-limit sources sepay-proof sepay-form "
    "khqr-holder khqr-amount khqr-fault khqr-pay fault-bakong-list fault-vnpay-refunds sepay-own-ids "
    "bank-buyer bank-seller bank-manual bank-from-account bank-from-name statement-csv statement-xlsx "
    "tab-phone tab-bank tab-mail tab-street language-vi language-en"
)
SEPAY_WORDS = ("HMAC", "Apikey", "Secret key", "JSON", "form", "multipart")
"""What SePay's own dashboard and the standards call them, in every language."""
BUILT_TEST_IDS = (
    "message choice command photo-scan payment answer mail-item invoice receipt page-payment page-state page-refund "
    "bounce"
)


@pytest.mark.parametrize("path", ["/sandbox", "/sandbox/"])
async def test_the_page_is_served_with_and_without_the_slash(house: House, path: str) -> None:
    async with house.session.get(path, allow_redirects=False) as answer:
        assert (answer.status, answer.content_type, answer.charset) == (200, "text/html", "utf-8")
        assert await answer.text() == HTML


async def test_every_part_the_page_names_is_there(house: House) -> None:
    named = set(re.findall(r'(?:src|href)="([^"]+)"', HTML))
    named |= {f"/sandbox/page/{name}" for text in SCRIPTS.values() for name in re.findall(r'from "\./([^"]+)"', text)}
    assert all(path.startswith("/sandbox/page/") for path in named)
    assert {path.rsplit("/")[-1] for path in named} == {path.name for path in PARTS}
    for path in named:
        async with house.session.get(path) as answer:
            assert answer.status == 200


@pytest.mark.parametrize("name", ["index.html", "..%2Fstreet.py", "__init__.py", "other.js"])
async def test_nothing_else_is_served(house: House, name: str) -> None:
    async with house.session.get(f"/sandbox/page/{name}") as answer:
        assert answer.status == 404


def test_nothing_is_loaded_from_outside_and_no_script_or_style_is_inline() -> None:
    everything = HTML + "".join(path.read_text(encoding="utf-8") for path in PARTS if path.suffix != ".svg")
    assert not re.findall(r"""["'(]\s*(?:https?:)?//""", everything.replace("/^https?:\\/\\//i", ""))
    assert not re.findall(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=|javascript:", HTML)


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_no_script_makes_markup_of_data(name: str) -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|srcdoc", SCRIPTS[name])


def test_every_sentence_comes_from_the_catalogue() -> None:
    used = set(re.findall(r"sandbox-[a-z_-]*[a-z]", HTML)) - {"sandbox-fault"}
    used |= set(re.findall(r'"(sandbox-[a-z_-]+)"', "".join(SCRIPTS.values())))
    errors = {word for word in WORDS if word.startswith("sandbox-error-")}
    assert used | errors == set(WORDS)
    assert {f"sandbox-fault-{fault}" for fault in Fault} == {w for w in WORDS if w.startswith("sandbox-fault-")}
    stripped = re.sub(r"<(title|b)>Chốt Đơn</\1>|<!--.*?-->", "", HTML, flags=re.DOTALL)
    told = [text.strip() for text in re.findall(r">([^<>]+)<", stripped) if text.strip()]
    assert told == ["VI", "EN", "vi", "en", "/", "₫", "CSV", "XLSX", *SEPAY_WORDS]


@pytest.mark.parametrize(("asked", "given"), [("vi", "vi"), ("en-US", "en"), ("fr", "vi")])
async def test_the_words_come_in_the_language_asked_for(house: House, asked: str, given: str) -> None:
    async with house.session.get(f"/sandbox/api/texts/{asked}") as answer:
        body = await answer.json()
    assert body["language"] == given
    assert set(body["words"]) == set(WORDS)
    assert body["words"]["sandbox-buyer"] == {"vi": "Người mua", "en": "Buyer"}[given]


def test_the_page_keeps_its_test_ids() -> None:
    for name in TEST_IDS.split():
        assert f'data-testid="{name}"' in HTML
    for name in BUILT_TEST_IDS.split():
        assert f'testid: "{name}"' in "".join(SCRIPTS.values())


async def test_changes_are_told_as_they_happen(house: House) -> None:
    async with house.session.get("/sandbox/api/events") as stream:
        assert stream.content_type == "text/event-stream"

        async def next_state() -> dict[str, object]:
            line = await stream.content.readline()
            assert await stream.content.readline() == b"\n"
            state: dict[str, object] = json.loads(line.removeprefix(b"data: "))
            return state

        first = await next_state()
        assert first == await house.state()
        await house.sent("news")
        phones = (await next_state())["phones"]
        assert isinstance(phones, list)
        assert phones[0]["messages"][0]["text"] == "news"


async def test_the_stream_ends_when_the_house_closes(house: House) -> None:
    async with house.session.get("/sandbox/api/events") as stream:
        await stream.content.readline()
        await house.street.close()
        await stream.content.read()


@pytest.mark.parametrize(
    "body", [{"chat_down": 1}, {"payos_down": "no"}, {"payos_slow": 0}, {"limit_next": "x"}, {"mail_down": None}]
)
async def test_faults_are_yes_or_no(house: House, body: dict[str, object]) -> None:
    assert (await house.post("faults", **body))["status"] == 400
