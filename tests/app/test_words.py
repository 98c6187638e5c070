"""What the command line prints: whatever strangers have written, the terminal is told nothing by it."""

import json

import pytest

from app.words import as_json, said

EVIL = "An\x1b[2J\x9b31m\u202e\nB\ud83d"
SEEN = "An[2J31m B"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")


def test_a_sentence_shows_of_its_values_what_can_be_seen() -> None:
    assert said("admin-line", {"channel": "telegram", "id": EVIL, "name": EVIL}) == f"telegram:{SEEN} {SEEN}"


def test_values_as_json_are_the_same_values_and_can_be_printed() -> None:
    told = {"memo": EVIL, "Tên": ["Trần Thị Bé", 1, None, "\U000e0001"]}
    text = as_json(told)
    assert json.loads(text) == told
    assert all(letter.isprintable() or letter == "\n" for letter in text)
    assert "Trần Thị Bé" in text
    text.encode()
