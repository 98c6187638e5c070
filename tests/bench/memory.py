"""Resident memory of the one process when nobody wants anything: with Telegram, and without."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.crash.outside import Outside
from tests.crash.shop import Shop

MOST = {"with Telegram": 230, "without Telegram": 110}
SETTLES = 3.0
"""Seconds after the opening in which first rounds are made and caches filled."""

RESIDENT = re.compile(r"^VmRSS:\s*(\d+) kB$", re.MULTILINE)


async def measure() -> dict[str, float]:
    """MiB of each."""
    outside = Outside()
    await outside.open()
    whole = outside.environment
    silent = {name: value for name, value in whole.items() if not name.startswith("TELEGRAM")}
    found = {"with Telegram": await _idle(whole), "without Telegram": await _idle(silent)}
    await outside.close()
    return found


async def _idle(environment: Mapping[str, str]) -> float:
    """Open the shop twice: the first time it founds itself, which is once in its life."""
    with TemporaryDirectory() as folder:
        shop = Shop(Path(folder), dict(environment))
        await shop.start()
        await _close(shop)
        await shop.start_module("tests.bench.idle")
        await asyncio.sleep(SETTLES)
        resident = _resident(shop.pid)
        await _close(shop)
    return resident


async def _close(shop: Shop) -> None:
    shop.terminate()
    assert await shop.dies() == 0


def _resident(process: int) -> float:
    found = RESIDENT.search(Path(f"/proc/{process}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def told() -> list[str]:
    found = asyncio.run(measure())
    lines = [f"  {name:<18} {mebibytes:>5.0f} MiB (must: <= {MOST[name]})" for name, mebibytes in found.items()]
    return ["Idle memory of the one process (RSS): web, worker, mail and SQLite, opened for the second time", *lines]
