import pytest

from gateways.gateway import Request
from gateways.shared_secret import came, check_shown, held, needed
from sales.errors import Forged


@pytest.mark.parametrize("secrets", [{}, {"key": ""}, {"key": " \t"}, {"other": "x"}])
def test_a_blank_secret_is_none(secrets: dict[str, str]) -> None:
    assert held(secrets, "key") == ""
    with pytest.raises(Forged):
        needed(held(secrets, "key"))


@pytest.mark.parametrize("pasted", ["x y", " x y", "x y\n", "\r\n x y\t", "\u00a0x y"])
def test_what_was_pasted_around_a_secret_is_none_of_it(pasted: str) -> None:
    assert needed(held({"key": pasted}, "key")) == "x y"


@pytest.mark.parametrize("shown", [None, "", "x", "kex", "key ", "KEY", "khóa", "\udc80"])
def test_what_is_shown_must_be_the_secret(shown: str | None) -> None:
    check_shown("key", "key")
    with pytest.raises(Forged):
        check_shown("key", shown)


@pytest.mark.parametrize("shown", [None, "", "x"])
def test_nothing_proves_anything_without_a_secret(shown: str | None) -> None:
    with pytest.raises(Forged):
        check_shown("", shown)


def test_a_header_came_even_when_it_came_twice() -> None:
    request = Request(b"", (("a", "1"), ("a", "2")))
    assert came(request, "b", "a")
    assert not came(request, "b")
