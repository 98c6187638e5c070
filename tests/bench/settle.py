"""Tells of the race: rates, ratios and tails beside what must be and what is aimed at; and the rows written."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from tests.bench.contestants import WORKERS
from tests.bench.cores import ALL, SERVER
from tests.bench.load import Run
from tests.bench.race import ROUNDS, Race, needed, race
from tests.bench.shop import prepare

CONNECTIONS = (1, 8, 32, 64)
BOTH = (32,)
"""Connections at which the servers get all cores too, beside the load."""

HEAD = (
    "connections   floor/s    ours/s   flask/s   ours/floor   ours/flask"
    "   p99 ms: ours     flask   flask/ours   load busy"
)


def told(folder: Path) -> Iterator[str]:
    origin = folder / "origin.db"
    codes = prepare(origin, max(needed(kind, CONNECTIONS) for kind in ("house", "flask")))
    yield f"Settle one notice durably (SQLite WAL, synchronous=FULL); Flask: gunicorn, {WORKERS} workers"
    yield f"medians of {ROUNDS} rounds in turns; a load of its own process, closed loop"
    yield "must: ours/floor >= 0.30; at 32 connections ours/flask >= 5, p99 flask/ours >= 8; aim: 0.45 and 10"
    yield "every server on one core, the load on the other:"
    alone = race(origin, codes, CONNECTIONS, SERVER)
    yield from _table(alone, CONNECTIONS)
    yield "servers and load on all cores together:"
    yield from _table(race(origin, codes, BOTH, ALL), BOTH)
    yield from _rows(alone)


def _table(outcome: Race, connections: Sequence[int]) -> Iterator[str]:
    yield HEAD
    for each in connections:
        floor, ours, flask = (outcome.runs[kind, each] for kind in ("floor", "house", "flask"))
        rates = "".join(f"{median(run.rate for run in runs):>10.0f}" for runs in (floor, ours, flask))
        tails = [median(run.p99 for run in runs) for runs in (ours, flask)]
        calmer = median(theirs.p99 / mine.p99 for mine, theirs in zip(ours, flask, strict=True))
        busy = max(run.busy for runs in (floor, ours, flask) for run in runs)
        yield (
            f"{each:>11}{rates}{_faster(ours, floor):>13.2f}{_faster(ours, flask):>13.1f}"
            f"{tails[0]:>15.1f}{tails[1]:>10.1f}{calmer:>13.1f}{busy:>12.0%}"
        )


def _faster(ours: Sequence[Run], theirs: Sequence[Run]) -> float:
    """The ratio within each round, then the median: what slows the machine for a while slows both."""
    return median(mine.rate / other.rate for mine, other in zip(ours, theirs, strict=True))


def _rows(outcome: Race) -> Iterator[str]:
    ours, flask = outcome.rows["house"], outcome.rows["flask"]
    yield f"rows for each notice (+ written, ~ moved), the same for both: {'yes' if ours == flask else 'NO'}"
    for what in sorted(ours | flask):
        yield f"  {what:<18} ours {ours.get(what, 0):.2f}   flask {flask.get(what, 0):.2f}"
