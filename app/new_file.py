"""A file that is written whole or not at all, that only its owner may read, and that never replaces another."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp
from typing import IO

from app.to_disk import keep_names
from sales.errors import Misconfigured


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """Write under another name, and take the right one only when everything is on the disk.

    Raises Misconfigured when there is such a file already, or it cannot be written.
    """
    try:
        if path.exists():
            raise FileExistsError
        handle, name = mkstemp(prefix=f".{path.name}.", dir=path.parent)  # readable by nobody else
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _rename_to_new(Path(name), path)
        finally:
            with suppress(FileNotFoundError):
                Path(name).unlink()
    except FileExistsError:
        raise Misconfigured("backup-exists", path=str(path)) from None
    except OSError as error:
        raise Misconfigured("backup-unwritable", path=str(path), reason=error.strerror or "") from error


def _rename_to_new(temporary: Path, path: Path) -> None:
    """A second name and the loss of the first: unlike a renaming, that never replaces a file that came meanwhile."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without second names, such as a USB stick
        if path.exists():
            raise FileExistsError from None
        temporary.rename(path)
    keep_names(path.parent)
