"""The limit of open files is raised as far as the system allows; tried in a process of its own."""

import subprocess
import sys

import pytest

from tests.house.source import ROOT

RAISE = """
import resource, sys
from app.open_files import allow_open_files
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[2])))
allow_open_files()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@pytest.mark.parametrize(("limit", "most", "after"), [(64, 256, "256 256"), (256, 256, "256 256")])
def test_the_limit_is_raised_to_what_the_system_allows(limit: int, most: int, after: str) -> None:
    words = [sys.executable, "-c", RAISE, str(limit), str(most)]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == after
