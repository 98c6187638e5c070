"""The shop as a child process that is started, killed and started again over the same folder."""

import asyncio
import json
import re
import shutil
import sqlite3
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.app.command import clean_environment
from tests.house.source import ROOT

PATIENCE = 40.0
GOODBYE = 20.0
"""Seconds in which a shop that is told to close has closed.

It closes in a quarter of a second and the interpreter takes a second of work to end, five on a busy machine; this
limit is for a shop that would hang for ever.
"""

ADDRESS = re.compile(rb"http://127\.0\.0\.1:\d+")


class Shop:
    """One folder with a database, and at most one process that lives on it; `base` is where that one listens."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.base = ""
        self.log = folder / "shop.log"
        self._database = folder / "shop.db"
        here = {"DATABASE_URL": f"sqlite:///{self._database}", "SHOP_FILE": str(ROOT / "shop.toml"), "PORT": "0"}
        self.environment = clean_environment(**here, **settings)
        self._process: Process | None = None

    @property
    def pid(self) -> int:
        """The process that lives on it."""
        assert self._process is not None
        return self._process.pid

    async def start(self, point: str | None = None) -> None:
        """Start and wait until it is open; with `point` it will kill itself there."""
        await self.start_module(*(["app", "run"] if point is None else ["tests.crash.child", point]))

    async def start_module(self, *words: str) -> None:
        """Start `python -m` so that it opens the shop, and wait until it is open."""
        with self.log.open("ab") as log:
            self._process = await self._run(*words, stderr=log)
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            opened = ADDRESS.search(await self._process.stdout.readline())
        assert opened, "the shop did not open"
        self.base = opened[0].decode()

    async def dies(self, patience: float = PATIENCE) -> int:
        """Wait for its end; answers the exit code, or minus the signal that killed it."""
        assert self._process is not None
        async with asyncio.timeout(patience):
            await self._process.communicate()
        assert self._process.returncode is not None
        return self._process.returncode

    def kill(self) -> None:
        """End it as a power cut would, at whatever it is doing."""
        assert self._process is not None
        self._process.kill()

    def terminate(self) -> None:
        """Tell it to close, as a process manager does."""
        assert self._process is not None
        self._process.terminate()

    async def close(self) -> int:
        """Tell it to close; answers its exit code, which must come soon."""
        self.terminate()
        return await self.dies(GOODBYE)

    async def kill_if_alive(self) -> None:
        """Leave nothing running behind a test."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.communicate()

    async def told(self, *words: str) -> dict[str, Any]:
        """What the command line tells as JSON."""
        process = await self._run("app", *words, "--json", stderr=DEVNULL)
        out, _ = await process.communicate()
        assert process.returncode == 0, words
        return dict(json.loads(out))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask a copy of the database, so that whoever opens it next finds it as it was left."""
        copy = self._database.with_name("copy.db")
        for end in ("", "-wal"):
            left = Path(f"{self._database}{end}")
            if left.exists():
                shutil.copy(left, f"{copy}{end}")
        with closing(sqlite3.connect(copy)) as connection:
            found = connection.execute(query).fetchall()
        for end in ("", "-wal", "-shm"):
            Path(f"{copy}{end}").unlink(missing_ok=True)
        return found

    async def _run(self, *words: str, stderr: Any) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", *words, stdin=DEVNULL, stdout=PIPE, stderr=stderr, env=self.environment
        )
