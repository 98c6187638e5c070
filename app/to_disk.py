"""What was renamed stays renamed."""

import os
from pathlib import Path


def keep_names(folder: Path) -> None:
    """Bring the names in a folder to the disk: until then a power cut could undo a renaming."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
