"""Starts the servers that are raced, each in a process of its own, all on the same core."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from tests.bench.cores import on

WORKERS = 4
PATIENCE = 30.0


@contextmanager
def serving(kind: str, database: Path, cores: frozenset[int]) -> Iterator[int]:
    """Run floor, house or flask on those cores; answers its port."""
    port = _free_port()
    with on(cores), subprocess.Popen(_command(kind, database, port), env=_environment(database)) as process:
        try:
            _wait_until_open(port, process)
            yield port
        finally:
            process.terminate()


def _command(kind: str, database: Path, port: int) -> list[str]:
    if kind != "flask":
        return [sys.executable, "-m", "tests.bench.server", kind, str(database), str(port)]
    served = ["--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS), "--log-level", "error"]
    return [sys.executable, "-m", "gunicorn", *served, "tests.bench.flask_shop:app"]


def _environment(database: Path) -> dict[str, str]:
    return os.environ | {"BENCH_DATABASE": str(database)}


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            sleep(0.05)
        else:
            return
    raise RuntimeError("a server did not open")
