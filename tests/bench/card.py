"""Milliseconds to draw the VietQR card, each of another order on one account."""

from statistics import median
from time import perf_counter

from bot.card import Card, Labels, draw
from locales import Texts
from sales.vietqr import shop_qr

CARDS = 200
MOST = 4.0


def card_times() -> list[float]:
    labels = Labels.in_language(Texts(), "vi")
    times = []
    for number in range(CARDS):
        memo = f"KX{number:07}"
        begun = perf_counter()
        qr = shop_qr("970422", "0000111122223333", 79_000 + number, memo)
        draw(Card("MBBank", "0000111122223333", "NGUYEN VAN A", "79.000 ₫", memo, qr, labels, "19:50"))
        times.append((perf_counter() - begun) * 1000)
    return times


def told() -> list[str]:
    return [f"VietQR card, payload and picture: {median(card_times()):.1f} ms median of {CARDS} (must: <= {MOST:.0f})"]
