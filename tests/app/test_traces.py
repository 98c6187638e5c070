"""What a log tells of an exception: always where it came from, its words only where they are ours."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from pydantic import TypeAdapter
from sqlalchemy import text

from app.logs import configure_logs
from app.traces import traced
from sales.errors import StoreBusy
from storage.store import Store
from storage.unit import Unit

NAME = "TRAN THI KIN 0987654321"


def exc_info(error: BaseException) -> tuple[type[BaseException], BaseException, None]:
    return type(error), error, None


@pytest.fixture(autouse=True)
def _logging() -> Iterator[None]:
    yield
    structlog.reset_defaults()
    logging.basicConfig(handlers=[logging.NullHandler()], force=True)


def _fail(unit: Unit) -> None:
    unit.conn.execute(text("INSERT INTO peers (id, name) VALUES (:id, :name)"), {"id": NAME, "name": NAME})


async def test_a_statement_that_fails_tells_no_values(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("debug")
    log = structlog.get_logger("test")
    try:
        await store.write(_fail)
    except Exception as error:
        log.exception("notice.failed")
        log.error("job.failed", exc_info=error)
        logging.getLogger("library").error("it failed", exc_info=error)
        log.error("worker.failed", exc_info=ExceptionGroup("two", [ValueError("ours"), error]))
    told = capsys.readouterr().err
    assert NAME not in told
    lines = [json.loads(line)["exception"] for line in told.splitlines()]
    assert len(lines) == 4
    for line in lines:
        assert "sqlalchemy.exc." in line
        assert "in _fail\n" in line
    assert "ValueError: ours" in lines[3]


def test_what_a_library_says_of_a_strangers_words_is_left_out() -> None:
    with pytest.raises(ValueError, match=NAME) as refused:
        TypeAdapter(int).validate_python(NAME)
    told = traced(exc_info(refused.value))
    assert NAME not in told
    assert told.endswith("\npydantic_core._pydantic_core.ValidationError")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (StoreBusy("postgresql: 55P03"), "StoreBusy: postgresql: 55P03"),
        (KeyError("nowhere"), "KeyError: 'nowhere'"),
        (json.JSONDecodeError("no", NAME, 1), "json.decoder.JSONDecodeError"),
    ],
)
def test_our_own_words_and_those_of_python_are_told(error: Exception, words: str) -> None:
    assert traced(exc_info(error)) == words


def test_causes_come_first_and_what_was_put_aside_is_left_out() -> None:
    first, second, third = KeyError("first"), StoreBusy("second"), ValueError("third")
    second.__cause__, third.__context__ = first, second
    assert traced(exc_info(third)) == "KeyError: 'first'\nStoreBusy: second\nValueError: third"
    third.__suppress_context__ = True
    assert traced(exc_info(third)) == "ValueError: third"


def test_a_circle_of_errors_comes_to_an_end() -> None:
    one, two = KeyError("one"), KeyError("two")
    one.__cause__, two.__cause__ = two, one
    assert traced(exc_info(one)) == "KeyError: 'two'\nKeyError: 'one'"
