import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest

from gateways.bakong_token import ends


def token(claims: object) -> str:
    parts = ({"alg": "HS256"}, claims)
    return ".".join([urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode() for each in parts] + ["c2ln"])


def test_a_token_says_when_it_ends() -> None:
    assert ends(token({"exp": 1793500000, "iat": 1785724000})) == datetime.fromtimestamp(1793500000, UTC)
    assert ends(f" {token({'exp': 1793500000.5})}\n") == datetime.fromtimestamp(1793500000.5, UTC)


@pytest.mark.parametrize("claims", [{}, {"exp": None}, {"exp": "soon"}, {"exp": True}, {"exp": 10**30}, [1], "x"])
def test_a_token_that_does_not_say_is_no_fault(claims: object) -> None:
    assert ends(token(claims)) is None


@pytest.mark.parametrize("text", ["", "abc", "a.b.c", "..", "a.b", "a.e30.c.d", "ă.ộ.c", "a.e30\x00.c", "\ud800.a.b"])
def test_what_is_no_such_token_has_no_end(text: str) -> None:
    assert ends(text) is None
