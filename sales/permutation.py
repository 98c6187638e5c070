"""A keyed permutation of 0 … size-1: numbers go in one after the other and come out in no visible order.

Feistel rounds (Luby and Rackoff, 1988) permute the smallest even number of bits that holds every number;
whoever lands at `size` or beyond walks on until he is back inside (Black and Rogaway, 2002). Both steps can
be undone, so two numbers never meet.
"""

import hmac

_ROUNDS = 4


def permute(number: int, size: int, key: bytes) -> int:
    """Send `number` to its place among 0 … size-1; raises ValueError when it is not one of them."""
    if not 0 <= number < size:
        raise ValueError(f"{number} is not one of 0 … {size - 1}")
    half = max(1, ((size - 1).bit_length() + 1) // 2)
    place = _feistel(number, half, key)
    while place >= size:
        place = _feistel(place, half, key)
    return place


def _feistel(number: int, half: int, key: bytes) -> int:
    left, right = number >> half, number & ((1 << half) - 1)
    for round_ in range(_ROUNDS):
        left, right = right, left ^ _noise(round_, right, half, key)
    return left << half | right


def _noise(round_: int, value: int, half: int, key: bytes) -> int:
    digest = hmac.digest(key, b"%d:%d" % (round_, value), "sha256")
    return int.from_bytes(digest, "big") & ((1 << half) - 1)
