"""Runs the command line as a person would: a process of its own with a clean environment."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from app.settings import Settings
from tests.house.source import ROOT


@dataclass(frozen=True, slots=True)
class Result:
    code: int
    out: str
    err: str


def clean_environment(**changes: str) -> dict[str, str]:
    """The environment without any setting of ours, speaking English, plus `changes`.

    A blank is no setting, and wins over a seller's own `.env` in the folder where the suite is run.
    """
    blank = {name.upper(): " " for name in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name != "LC_ALL"}
    return kept | blank | {"LANG": "en_US.UTF-8", "PYTHONPATH": str(ROOT)} | changes


def command(*words: str, cwd: Path = ROOT, typed: bytes = b"", **changes: str) -> Result:
    """Run `python -m app …` with `typed` on its standard input, and wait for its end."""
    done = subprocess.run(
        [sys.executable, "-m", "app", *words],
        cwd=cwd,
        env=clean_environment(**changes),
        input=typed,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())
