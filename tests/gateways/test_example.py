"""A new gateway costs one file and one registry line: in a process where the example has them, it sells."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MOST_LINES = 130


def run(*arguments: str) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.gateways.example_joins", *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-2000:]
    return ended.stdout


@pytest.mark.parametrize(
    ("suite", "least"), [("test_conformance.py -k example", 15), ("example_sells.py", 5), ("test_registry.py", 1)]
)
def test_whoever_joins_the_registry_sells(suite: str, least: int) -> None:
    path, *more = suite.split()
    told = run(str(HERE / path), *more)
    passed = re.search(r"(\d+) passed", told)
    assert passed is not None, told
    assert int(passed[1]) >= least


def test_the_example_is_as_short_as_promised() -> None:
    assert len((HERE / "example.py").read_text(encoding="utf-8").splitlines()) <= MOST_LINES
