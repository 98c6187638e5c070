"""One connection that hears the bells of other processes (PostgreSQL's LISTEN)."""

import asyncio
from contextlib import suppress

import asyncpg

from storage.bell import Bell

CHANNEL = "chotdon_bell"

_RETRY_SECONDS = 1
_CONNECT_SECONDS = 5
_CLOSE_SECONDS = 2


def application(name: str) -> str:
    """What the server shows of a process whose store is called `name`: one text for all its connections."""
    return f"chotdon {name}"


class Listener:
    """Rings `bell` when another store than `name` has notified, and connects again when it is cut off."""

    def __init__(self, dsn: str, name: str, bell: Bell) -> None:
        self._dsn = dsn
        self._name = name
        self._bell = bell
        self._task = asyncio.create_task(self._run(), name="postgresql-listener")

    async def close(self) -> None:
        """Stop listening."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        while True:
            # ValueError: an address that cannot be used; whoever works with the store is told.
            with suppress(OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._listen()
            await asyncio.sleep(_RETRY_SECONDS)

    async def _listen(self) -> None:
        named = {"application_name": application(self._name)}
        connection = await asyncpg.connect(self._dsn, timeout=_CONNECT_SECONDS, server_settings=named)
        try:
            ended = asyncio.Event()
            connection.add_termination_listener(lambda _: ended.set())
            await connection.add_listener(CHANNEL, self._hear)
            self._bell.ring()  # for whatever was rung while nobody listened
            await ended.wait()
        finally:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await connection.close(timeout=_CLOSE_SECONDS)

    def _hear(self, _connection: object, _pid: int, _channel: str, name: str) -> None:
        if name != self._name:
            self._bell.ring()
