"""Starting the processes of children.py."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


def command(name: str, target: Path | str) -> list[str]:
    return [sys.executable, "-m", "tests.storage.children", name, str(target)]


@contextmanager
def child(name: str, target: Path | str) -> Iterator["subprocess.Popen[str]"]:
    """Run a child with pipes, and end it with its test."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command(name, target), cwd=ROOT, text=True, **pipes) as process:  # type: ignore[call-overload]
        try:
            yield process
        finally:
            process.kill()


def run(name: str, target: Path | str) -> "subprocess.CompletedProcess[str]":
    """Run a child to its end, which must come by itself."""
    return subprocess.run(command(name, target), cwd=ROOT, text=True, capture_output=True, timeout=30, check=False)
