"""The load counts what it says it counts, and the rows are compared honestly."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.bench.load import load
from tests.bench.rows import per_notice, rows

REQUEST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"


class Counting:
    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.lines: set[object] = set()
        self.hangs_up = False
        self.status = 200

    async def handle(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        self.lines.add(request.transport)
        answer = web.json_response({"success": True}, status=self.status)
        if self.hangs_up:
            answer.force_close()
            answer.headers["Connection"] = "close"
        return answer


@pytest.fixture
async def counting() -> Counting:
    return Counting()


@pytest.fixture
async def port(counting: Counting) -> AsyncIterator[int]:
    app = web.Application()
    app.router.add_post("/", counting.handle)
    async with TestServer(app) as server:
        assert server.port is not None
        yield server.port


@pytest.mark.parametrize("connections", [1, 8, 64])
async def test_each_request_is_sent_once_over_lines_that_stay(counting: Counting, port: int, connections: int) -> None:
    run = await asyncio.to_thread(load, port, [REQUEST] * 40, connections)
    assert counting.bodies == [b"hi"] * 40
    assert len(counting.lines) <= connections
    assert run.rate > 0
    assert 0 < run.p50 <= run.p99


async def test_a_server_that_hangs_up_is_called_again(counting: Counting, port: int) -> None:
    counting.hangs_up = True
    await asyncio.to_thread(load, port, [REQUEST] * 40, 4)
    assert len(counting.bodies) == 40


async def test_an_answer_that_is_not_200_ends_the_run(counting: Counting, port: int) -> None:
    counting.status = 503
    with pytest.raises(RuntimeError, match="503"):
        await asyncio.to_thread(load, port, [REQUEST], 1)


def test_rows_are_counted_for_each_notice(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE orders (payment TEXT)")
        connection.execute("CREATE TABLE attempts (state TEXT)")
        connection.execute("INSERT INTO orders VALUES ('open'), ('open')")
        connection.commit()
        before = rows(path)
        connection.execute("UPDATE orders SET payment = 'paid'")
        connection.execute("INSERT INTO attempts VALUES ('open'), ('open'), ('open'), ('open')")
        connection.commit()
    assert before == Counter({"+ orders": 2, "+ attempts": 0, "~ orders paid": 0, "~ attempts paid": 0})
    assert per_notice(before, rows(path), 2) == {"~ orders paid": 1.0, "+ attempts": 2.0}
