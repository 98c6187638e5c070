from datetime import UTC, datetime

import pytest

from gateways.retry_after import LONGEST, pause

NOW = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
EPOCH = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "Sat, 21 Nov 2026 03:04:35 GMT"}, 30.0),
        ({"retry-after": "Sat, 21 Nov 2026 03:04:35 -0000"}, 30.0),
        ({"retry-after": "Sat, 21 Nov 2026 03:04:00 GMT"}, 0.0),
        ({"retry-after": "999999999"}, LONGEST),
        ({"x-ratelimit-reset": str(EPOCH + 12)}, 12.0),
        ({"x-ratelimit-reset": str(EPOCH - 12)}, 0.0),
        ({"x-ratelimit-reset": str(EPOCH + 12), "retry-after": "7"}, 12.0),
        ({"x-ratelimit-reset": "soon", "retry-after": "7"}, 7.0),
    ],
    ids=str,
)
def test_what_is_said_is_kept_to(headers: dict[str, str], seconds: float | None) -> None:
    assert pause(headers, NOW) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-5", "nan", "inf", "1e5", "٣", "9" * 400, "Sat, 99 Nov 2026 03:04 GMT"])
def test_nonsense_says_nothing(text: str) -> None:
    assert pause({"retry-after": text}, NOW) is None
    assert pause({"x-ratelimit-reset": text}, NOW) is None
