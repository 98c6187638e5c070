"""`make bench`: a true notice settled durably, beside the floor that only verifies it; and the QR card.

Floor and house take turns, five rounds, medians; load comes from this process, so with two cores the
figures are those of one core for the server.
"""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from bot.card import Card, Labels, draw
from locales import Texts
from sales.vietqr import shop_qr
from tests.bench.load import Run, load, notices

ROUNDS = 5
NOTICES = 500
CONNECTIONS = (1, 8, 32, 64)


@contextmanager
def server(kind: str, folder: Path) -> Iterator[tuple[int, list[str]]]:
    command = [sys.executable, "-m", "tests.bench.server", kind, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            told = json.loads(process.stdout.readline())
            yield told["port"], told["codes"]
        finally:
            process.terminate()


async def race(floor: int, house: int, codes: list[str]) -> dict[tuple[str, int], list[Run]]:
    runs: dict[tuple[str, int], list[Run]] = defaultdict(list)
    for _ in range(ROUNDS):
        for connections in CONNECTIONS:
            some, codes = codes[:NOTICES], codes[NOTICES:]
            runs["floor", connections].append(await load(floor, notices(some), connections))
            runs["house", connections].append(await load(house, notices(some), connections))
    return runs


def card_times() -> list[float]:
    """Milliseconds of each card, all of different orders on one account."""
    labels = Labels.in_language(Texts(), "vi")
    times = []
    for number in range(200):
        memo = f"KX{number:07}"
        qr = shop_qr("970422", "0000111122223333", 79_000 + number, memo)
        begun = perf_counter()
        draw(Card("MBBank", "0000111122223333", "NGUYEN VAN A", "79.000 ₫", memo, qr, labels, "19:50"))
        times.append((perf_counter() - begun) * 1000)
    return times


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="chotdon-bench-"))
    try:
        with server("floor", folder) as (floor, _), server("house", folder) as (house, codes):
            runs = asyncio.run(race(floor, house, codes))
    finally:
        shutil.rmtree(folder)
    print(f"settle one notice durably (SQLite, FULL) beside the floor; medians of {ROUNDS} rounds of {NOTICES}")
    print("connections   floor/s   house/s   house/floor   floor p99 ms   house p99 ms")
    for connections in CONNECTIONS:
        low, ours = runs["floor", connections], runs["house", connections]
        rates = median(run.rate for run in low), median(run.rate for run in ours)
        ratio = median(b.rate / a.rate for a, b in zip(low, ours, strict=True))
        tails = median(run.p99 for run in low), median(run.p99 for run in ours)
        print(f"{connections:11} {rates[0]:9.0f} {rates[1]:9.0f} {ratio:13.2f} {tails[0]:14.1f} {tails[1]:14.1f}")
    print(f"QR card: {median(card_times()):.1f} ms median of 200")


if __name__ == "__main__":
    main()
