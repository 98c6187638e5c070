"""Nothing that a stranger writes turns a line, ends it, or speaks to a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales.visible import visible


@given(st.text(st.characters(exclude_categories=()), max_size=50))
def test_what_is_visible_goes_into_any_database(text: str) -> None:
    seen = visible(text)
    assert seen == "" or seen.isprintable()
    assert visible(seen) == seen
    seen.encode()


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("Nguyễn Văn Ánh 😀", "Nguyễn Văn Ánh 😀"),
        ("A\u202eB\u2066C\u200fD", "ABCD"),
        ("A\x1b[2J\x9b31mB\x07", "A[2J31mB"),
        ("A\nB\r\tC", "A B  C"),
        ("A\0\ud83dB", "AB"),
    ],
)
def test_only_what_can_be_seen_stays(written: str, seen: str) -> None:
    assert visible(written) == seen
