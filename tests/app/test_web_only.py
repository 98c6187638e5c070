"""A process that only answers the web takes updates without the bot's library."""

import json
import subprocess
import sys
from pathlib import Path

from storage.schema.work import inbox
from storage.store import open_store
from tests.clock import FrozenClock

ROOT = Path(__file__).parents[2]


async def test_it_keeps_updates_and_never_imports_aiogram(postgres_url: str) -> None:
    done = subprocess.run(  # noqa: ASYNC221 - nothing else runs here
        [sys.executable, "-m", "tests.app.web_only", postgres_url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == {"answers": [200, 401, 400], "aiogram": False}
    store = await open_store(postgres_url, FrozenClock())
    rows = await store.read(lambda unit: list(unit.conn.execute(inbox.select())))
    await store.close()
    assert [(row.event, row.lane, row.state) for row in rows] == [("7", "telegram:42", "ready")]
