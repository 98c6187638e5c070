"""A SQLite shop belongs to one process: a second one on the same file would send everything twice."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sales.errors import Misconfigured, StoreBusy


@contextmanager
def only_one(database: str) -> Iterator[None]:
    """Hold the database for this process; the system lets go of it when the process dies, however it dies.

    Raises Misconfigured when another process runs on it, StoreBusy when its file cannot be opened.
    """
    path = Path(database.removeprefix("sqlite:///")).with_suffix(".lock")
    with _opened(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Misconfigured("already-running", path=str(path)) from error
        yield


def _opened(path: Path) -> BinaryIO:
    """Open the lock file beside the database, which is never written; raises StoreBusy where none can be made.

    Where others may write too, somebody could have laid a link to another file there: it is not followed.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600), "r+b", buffering=0)
    except OSError as error:
        raise StoreBusy(f"{path}: {error.strerror}") from error
