"""A SQLite shop belongs to one process: a second one on the same file would send everything twice."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from sales.errors import Misconfigured, StoreBusy


@contextmanager
def only_one(database: str) -> Iterator[None]:
    """Hold the database for this process; the system lets go of it when the process dies, however it dies.

    Raises Misconfigured when another process runs on it, StoreBusy when its folder cannot be written.
    """
    path = Path(database.removeprefix("sqlite:///")).with_suffix(".lock")
    with _opened(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Misconfigured("already-running", path=str(path)) from error
        yield


def _opened(path: Path) -> TextIO:
    """Open the lock file beside the database; raises StoreBusy where none can be made."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w")
    except OSError as error:
        raise StoreBusy(f"{path.parent}: {error.strerror}") from error
