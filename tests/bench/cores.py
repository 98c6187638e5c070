"""Which core does what: servers on one, the load on another, so that neither takes time from the other."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

ALL = frozenset(os.sched_getaffinity(0))
SERVER = frozenset(sorted(ALL)[:1])
LOAD = frozenset(sorted(ALL)[1:2]) or SERVER


@contextmanager
def on(cores: frozenset[int]) -> Iterator[None]:
    """Run on these cores; a process that is started meanwhile stays on them."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
