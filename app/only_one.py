"""A SQLite shop belongs to one process: a second one on the same file would send everything twice."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sales.errors import Misconfigured


@contextmanager
def only_one(database: str) -> Iterator[None]:
    """Hold the database for this process; raises Misconfigured when another one runs on it.

    The system lets go of the lock when the process dies, however it dies.
    """
    path = Path(database.removeprefix("sqlite:///")).with_suffix(".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Misconfigured("already-running", path=str(path)) from error
        yield
