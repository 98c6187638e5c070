"""The race: a true notice settled durably, ours beside the floor and beside Flask, in turns."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from shutil import copy
from tempfile import mkdtemp

from tests.bench.contestants import serving
from tests.bench.cores import ALL, LOAD, on
from tests.bench.load import Run, load
from tests.bench.rows import per_notice, rows
from tests.bench.shop import notice

ROUNDS = 5
WARM = 64
NOTICES: Mapping[str, Mapping[int, int]] = {
    "floor": {1: 1000, 8: 3000, 32: 4000, 64: 4000},
    "house": {1: 250, 8: 600, 32: 1500, 64: 1500},
    "flask": {1: 100, 8: 250, 32: 400, 64: 400},
}
"""How many a round, so that each round of each contestant takes a good part of a second."""


@dataclass(frozen=True, slots=True)
class Race:
    """All runs by contestant and connections, and the rows each notice wrote by contestant."""

    runs: Mapping[tuple[str, int], Sequence[Run]]
    rows: Mapping[str, Mapping[str, float]]


def needed(kind: str, connections: Sequence[int]) -> int:
    """How many notices a contestant is sent in a race."""
    return WARM + ROUNDS * sum(NOTICES[kind][each] for each in connections)


def race(origin: Path, codes: Sequence[str], connections: Sequence[int], cores: frozenset[int]) -> Race:
    """Let them take turns over copies of one database, the servers on `cores`, the load on another if there is one."""
    folder = Path(mkdtemp(dir=origin.parent))
    files = {kind: Path(copy(origin, folder / f"{kind}.db")) for kind in NOTICES}
    runs: dict[tuple[str, int], list[Run]] = defaultdict(list)
    with ExitStack() as stack:
        ports = {kind: stack.enter_context(serving(kind, file, cores)) for kind, file in files.items()}
        stack.enter_context(on(ALL if cores == ALL else LOAD))
        waiting = {kind: _notices(codes) for kind in files}
        for kind, port in ports.items():
            load(port, list(islice(waiting[kind], WARM)), 8)
        for _ in range(ROUNDS):
            for lines in connections:
                for kind, port in ports.items():
                    requests = list(islice(waiting[kind], NOTICES[kind][lines]))
                    runs[kind, lines].append(load(port, requests, lines))
    before = rows(origin)
    written = {kind: per_notice(before, rows(files[kind]), needed(kind, connections)) for kind in ("house", "flask")}
    return Race(runs, written)


def _notices(codes: Sequence[str]) -> Iterator[bytes]:
    """A notice for each order; the floor, which keeps nothing, gets more notices than there are orders."""
    return (notice(codes[ref % len(codes)], ref) for ref in count(1))
