"""The whole of money as a model: whatever happens in whatever order, every đồng is where the books say.

A run is fifty steps. `MODEL_RUNS=5000 pytest tests/model` plays longer, on each database so many.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from tests.model.buying import Buying
from tests.model.checks import hold, read_rows
from tests.model.deciding import Deciding
from tests.model.hall import Ground, Hall, PostgresGround, SqliteGround
from tests.model.paying import Paying

STEPS = 50
RUNS = {"sqlite": 140, "postgresql": 60}
SHRINKING = (Phase.generate, Phase.shrink)
"""Only when it is asked for: to find the shortest run that fails takes minutes."""


class Model(Buying, Paying, Deciding):
    """All of it together, held against the truth after every step."""

    @invariant()
    def books_hold(self) -> None:
        hold(self.read(lambda unit: read_rows(unit, self.shop.premises)), self.truth)


def runs(database: str) -> int:
    return int(os.environ.get("MODEL_RUNS", RUNS[database]))


def play(ground: Ground, database: str) -> None:
    hall = Hall(ground)
    slow = settings(
        max_examples=runs(database),
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        phases=SHRINKING if os.environ.get("MODEL_SHRINK") else (Phase.generate,),
        database=None,
    )
    try:
        run_state_machine_as_test(lambda: Model(hall), settings=slow)
    finally:
        hall.close()


@pytest.mark.timeout(0)
def test_every_dong_is_accounted_for_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    play(SqliteGround(sqlite_template, tmp_path), "sqlite")


@pytest.mark.timeout(0)
def test_every_dong_is_accounted_for_on_postgresql(postgres_url: str) -> None:
    play(PostgresGround(postgres_url), "postgresql")
