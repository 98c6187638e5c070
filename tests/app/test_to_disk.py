import os
from pathlib import Path

import pytest

from app.to_disk import keep_names


def test_the_folder_itself_is_brought_to_the_disk_and_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[tuple[int, os.stat_result]] = []
    monkeypatch.setattr(os, "fsync", lambda opened: synced.append((opened, os.fstat(opened))))
    keep_names(tmp_path)
    ((opened, told),) = synced
    assert os.path.samestat(told, tmp_path.stat())
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(opened)
