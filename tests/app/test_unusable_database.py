"""A database file that cannot be used is told in plain words, by `run` and by `doctor`."""

from pathlib import Path

import pytest

from tests.app.command import command

SAID = [
    ("run", "folder", 3),
    ("run", "notes.txt/shop.db", 3),
    ("run", "notes.txt", 3),
    ("run", "x" * 300 + ".db", 3),
    ("doctor", "folder", 1),
    ("doctor", "notes.txt", 1),
]


@pytest.mark.parametrize(("word", "place", "code"), SAID, ids=lambda value: str(value)[:20])
def test_it_says_what_is_wrong(tmp_path: Path, word: str, place: str, code: int) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "notes.txt").write_text("These are notes, and longer than the head of a database. " * 20)
    told = command(word, DATABASE_URL=f"sqlite:///{tmp_path / place}", CASSO_CHECKSUM_KEY="dummy", PORT="0")
    assert told.code == code
    assert "cannot be opened" in told.out + told.err
    assert "Traceback" not in told.out + told.err
