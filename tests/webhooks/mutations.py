"""What a broken sender, or an evil one, could make of a true body."""

import json
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

Place = tuple[Any, Any]
"""A container and the key or index of one value in it."""


def _deep(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


NASTY: list[Any] = [
    *(None, True, False, 0, -1, 1, 0.0, 1.5, -0.0, 1e308, 5e-324),
    *(2**31, 2**53 - 1, 2**53, 2**63, -(2**63), 10**13, 10**13 + 1, 10**25, -(10**299)),
    *("", " ", "0", "-1", "null", "undefined", "NaN", "1e5", "199000", "x" * 5000, "1" * 65, "9" * 400),
    *("\0", "a\0b", "\u202ekey", "\ud83d", "\udc00x", "ộ" * 300, "😀", "\x1b[2J", "\r\nX: y", "\ufeff", "\u2028"),
    *("'; DROP TABLE orders; --", "%s%n", "{0.__class__}", "<b>&amp;", "a&amount=1", "../../etc/passwd"),
    *([], {}, [[]], {"": ""}, {"id": 1}, [None] * 50, {"__proto__": {"amount": 1}}, _deep(20), _deep(40)),
    *("2026-02-30", "9999-12-31T23:59:59-23:59", "0001-01-01", "2026-11-21T00:00:00+99:99"),
]


def mutated(body: Any, chance: Random) -> Any:
    """One to three changes of structure or of values; the body given stays as it is."""
    changed = {"": deepcopy(body)}
    for _ in range(chance.randint(1, 3)):
        if places := _places(changed):
            container, key = chance.choice(places)
            chance.choice(CHANGES)(container, key, chance)
    return changed.get("")


def garbled(text: bytes, chance: Random) -> bytes:
    """One change of the very bytes, which may no longer be JSON."""
    return chance.choice(BREAKS)(text, chance)


def spoilt(text: bytes, chance: Random) -> bytes:
    """One change of bytes that need not be JSON."""
    return chance.choice([_cut, _flip, _frame, _other_encoding])(text, chance)


def _places(value: Any) -> list[Place]:
    """Every value inside, with the container that holds it."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, inner in pairs for place in ((value, key), *_places(inner))]


def _replace(container: Any, key: Any, chance: Random) -> None:
    container[key] = deepcopy(chance.choice(NASTY))


def _remove(container: Any, key: Any, _: Random) -> None:
    del container[key]


def _wrap(container: Any, key: Any, chance: Random) -> None:
    container[key] = chance.choice([[container[key]], {"data": container[key]}, [container[key]] * 3])


def _unwrap(container: Any, key: Any, _: Random) -> None:
    inner = container[key]
    container[key] = next(iter(inner.values() if isinstance(inner, dict) else inner), None) if _holds(inner) else inner


def _holds(value: Any) -> bool:
    return isinstance(value, dict | list) and bool(value)


def _add(container: Any, key: Any, chance: Random) -> None:
    value = deepcopy(chance.choice(NASTY))
    if isinstance(container, list):
        container.insert(chance.randint(0, len(container)), value)
    else:
        container[chance.choice(["aNewerField", "", "id", "0", "ộ\ud83d", str(key).upper()])] = value


def _as_text(container: Any, key: Any, _: Random) -> None:
    container[key] = json.dumps(container[key])


def _nudge(container: Any, key: Any, chance: Random) -> None:
    value = container[key]
    if isinstance(value, int) and not isinstance(value, bool):
        container[key] = value + chance.choice([-1, 1, 10_000, -value, -2 * value])


CHANGES: list[Callable[[Any, Any, Random], None]] = [
    _replace,
    _replace,
    _remove,
    _wrap,
    _unwrap,
    _add,
    _as_text,
    _nudge,
]


def _cut(text: bytes, chance: Random) -> bytes:
    return text[: chance.randrange(len(text))]


def _flip(text: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(text))
    return text[:place] + bytes([text[place] ^ (1 << chance.randrange(8))]) + text[place + 1 :]


def _repeat_key(text: bytes, chance: Random) -> bytes:
    key, value = chance.choice([(b"amount", b"1"), (b"data", b"{}"), (b"id", b"7"), (b"\\u0069d", b"7")])
    place = chance.choice([at for at, byte in enumerate(text) if byte == ord("{")])
    return text[: place + 1] + b'"' + key + b'":' + value + b"," + text[place + 1 :]


def _no_number(text: bytes, chance: Random) -> bytes:
    number = chance.choice([b"NaN", b"Infinity", b"1e999", b"01", b"0x10", b"9" * 5000, b"1.0", b"1e3", b"-", b"1_0"])
    return text.replace(b":", b":" + number + b",", 1) if chance.random() < 0.3 else text.replace(b":0", b":" + number)


def _frame(text: bytes, chance: Random) -> bytes:
    before = chance.choice([b"\xef\xbb\xbf", b"\0", b"\xff", b"[" * 20_000, b" \r\n\t", b"", b""])
    return before + text + chance.choice([b"", b"\0", b"}", b",", b"\n", text])


def _other_encoding(text: bytes, chance: Random) -> bytes:
    return text.decode("utf-8", "replace").encode(chance.choice(["utf-16", "utf-32", "utf-7"]))


BREAKS: list[Callable[[bytes, Random], bytes]] = [_cut, _flip, _repeat_key, _no_number, _frame, _other_encoding]
