"""The collector is set by the process that runs the shop; asked in one of its own, since it is for all of a process."""

import subprocess
import sys

ASK = """
import gc
from app.long_life import THRESHOLDS, live_long
keep = [[] for _ in range(1000)]
live_long()
print(gc.get_threshold() == THRESHOLDS, gc.get_freeze_count() > 1000, gc.isenabled())
"""


def test_what_the_start_has_made_is_set_aside_and_garbage_is_still_collected() -> None:
    told = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["True", "True", "True"]
