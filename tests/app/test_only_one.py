"""A second process on one SQLite file is refused; the lock dies with its holder, however that dies."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.only_one import only_one
from sales.errors import Misconfigured, StoreBusy
from tests.app.command import command
from tests.house.source import ROOT

HOLD = """
import sys
from app.only_one import only_one
with only_one(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(database: str) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds the database until it is killed or its input is closed."""
    words = [sys.executable, "-c", HOLD, database]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'deep' / 'shop.db'}"


def test_a_second_holder_is_refused_until_the_first_has_left(database: str) -> None:
    with only_one(database):
        with pytest.raises(Misconfigured) as refused, only_one(database):
            pass
        assert (refused.value.message, refused.value.values["path"]) == (
            "already-running",
            database.removeprefix("sqlite:///").replace(".db", ".lock"),
        )
    with only_one(database):
        pass


def test_the_lock_is_free_after_an_error_inside(database: str) -> None:
    with pytest.raises(ZeroDivisionError), only_one(database):
        raise ZeroDivisionError
    with only_one(database):
        pass


def test_shops_beside_each_other_do_not_meet(tmp_path: Path) -> None:
    with only_one(f"sqlite:///{tmp_path / 'one.db'}"), only_one(f"sqlite:///{tmp_path / 'two.db'}"):
        pass


def test_a_killed_process_leaves_the_lock_free(database: str) -> None:
    with holder(database) as process:
        with pytest.raises(Misconfigured), only_one(database):
            pass
        process.kill()
        process.wait()
        with only_one(database):
            pass


def test_a_second_shop_on_the_file_says_why_it_does_not_start(database: str) -> None:
    with only_one(database):
        told = command("run", DATABASE_URL=database, CASSO_CHECKSUM_KEY="dummy", PORT="0")
    assert told.code == 2
    assert "shop.lock" in told.err
    assert "Traceback" not in told.err
    assert not Path(database.removeprefix("sqlite:///")).exists()


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("precious")
    (tmp_path / "shop.lock").symlink_to(precious)
    with pytest.raises(StoreBusy, match=r"shop\.lock"), only_one(f"sqlite:///{tmp_path / 'shop.db'}"):
        pass
    assert precious.read_text() == "precious"


def test_the_lock_is_the_owners_alone_and_keeps_what_is_in_it(tmp_path: Path) -> None:
    lock, database = tmp_path / "shop.lock", f"sqlite:///{tmp_path / 'shop.db'}"
    with only_one(database):
        assert lock.stat().st_mode & 0o777 == 0o600
    lock.write_text("somebody's")
    with only_one(database):
        assert lock.read_text() == "somebody's"
