"""Python's garbage collector, set for a process that lives long and makes many short-lived things at once.

With its defaults a busy shop walks through all that was imported again and again: a quarter of the rate at which
notices are settled, and the longest waits among them (docs/performance.md).
"""

import gc

THRESHOLDS = (50_000, 20, 50)
"""New containers until the youngest are looked through, and how often until the older ones are; Python: 700, 10, 10."""


def live_long() -> None:
    """Set aside all that the start has made, which stays anyhow, and look for garbage less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
