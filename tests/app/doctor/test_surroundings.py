"""The machine and its address: clock, disk, certificate."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web

from app.doctor import clock, disk, public
from app.doctor.finding import Mark
from tests.app.doctor.patients import NOWHERE, Answering, always, patient, serving, told
from tests.bot.channels.mail_server import certificate, server_side, trusting
from tests.webhooks.house import House, opened

NOW = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
TOKEN = {"telegram_bot_token": "7:AAE"}


@pytest.mark.parametrize(
    ("ahead", "mark", "message"),
    [
        (0, Mark.WORKS, "doctor-clock"),
        (30, Mark.WORKS, "doctor-clock"),
        (-30, Mark.WORKS, "doctor-clock"),
        (31, Mark.BROKEN, "doctor-clock-wrong"),
        (-3600, Mark.BROKEN, "doctor-clock-wrong"),
    ],
)
async def test_the_clock_is_compared_with_somebody_elses(ahead: int, mark: Mark, message: str) -> None:
    async with serving(always(404, {}, Date="Sat, 21 Nov 2026 03:04:05 GMT")) as url:
        for witness in ({"telegram_api_url": url, **TOKEN}, {"payos_api_url": url, "payos_api_key": "dummy"}):
            async with patient(lambda: NOW + timedelta(seconds=ahead), **witness) as shop:
                found = await clock.check(shop)
            assert (told(found), found[0].values["seconds"]) == ([(mark, message)], abs(ahead))


async def test_a_time_nobody_can_read_is_no_time() -> None:
    async with serving(always(200, {}, Date="yesterday")) as url, patient(telegram_api_url=url, **TOKEN) as shop:
        assert await clock.check(shop) == []


async def test_without_a_witness_nothing_is_said_of_the_clock() -> None:
    async with patient(telegram_api_url=NOWHERE, **TOKEN) as shop:
        assert await clock.check(shop) == []
    async with patient(casso_checksum_key="dummy") as shop:
        assert await clock.check(shop) == []


@pytest.mark.parametrize(
    ("free", "mark"), [(5000, Mark.WORKS), (1023, Mark.MISSING), (100, Mark.MISSING), (99, Mark.BROKEN)]
)
async def test_the_disk_of_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, mark: Mark) -> None:
    asked: list[Path] = []

    def usage(folder: Path) -> Any:
        asked.append(folder)
        return SimpleNamespace(free=free * 1024 * 1024)

    monkeypatch.setattr("app.doctor.disk.shutil.disk_usage", usage)
    async with patient(database_url=f"sqlite:///{tmp_path}/not/yet/shop.db", casso_checksum_key="dummy") as shop:
        assert told(await disk.check(shop)) == [(mark, "doctor-disk")]
    assert asked == [tmp_path]


async def test_postgresqls_disk_cannot_be_seen() -> None:
    async with patient(database_url="postgresql://x/y", casso_checksum_key="dummy") as shop:
        assert await disk.check(shop) == []


async def test_a_certificate_is_told_with_its_days(tmp_path: Path) -> None:
    pem = certificate(tmp_path)  # good for one day
    async with serving(always(200, {"live": True}), server_side(pem)) as url:
        async with patient(public_url=url, tls=trusting(pem)) as shop:
            found = await public.check(shop)
        assert (told(found), found[0].values["days"]) == ([(Mark.MISSING, "doctor-public")], 0)
        earlier = datetime.now(UTC) - timedelta(days=30)
        async with patient(lambda: earlier, public_url=url, tls=trusting(pem)) as shop:
            assert told(await public.check(shop)) == [(Mark.WORKS, "doctor-public")]


async def test_a_certificate_nobody_trusts_is_broken(tmp_path: Path) -> None:
    tls = server_side(certificate(tmp_path))
    async with serving(always(200, {"live": True}), tls) as url, patient(public_url=url) as shop:
        found = await public.check(shop)
    assert told(found) == [(Mark.BROKEN, "doctor-public-silent")]
    assert "Certificate" in str(found[0].values["error"])


async def test_the_shop_itself_answers_there() -> None:
    async with opened(House()) as visitor, patient(public_url=f"http://127.0.0.1:{visitor.port}") as shop:
        assert told(await public.check(shop)) == [(Mark.MISSING, "doctor-public-plain")]


async def moved(_request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("https://127.0.0.1:1/")


@pytest.mark.parametrize("answer", [always(404, {}), always(200, {"live": False}), always(200, "welcome")])
async def test_somebody_else_answers_there(answer: Answering) -> None:
    async with serving(answer) as url, patient(public_url=url) as shop:
        assert told(await public.check(shop)) == [(Mark.BROKEN, "doctor-public-other")]


async def test_nobody_answers_there_or_there_is_no_address() -> None:
    async with serving(moved) as elsewhere:
        for url in (NOWHERE, elsewhere):
            async with patient(public_url=url) as shop:
                assert told(await public.check(shop)) == [(Mark.BROKEN, "doctor-public-silent")]
    async with patient() as shop:
        assert told(await public.check(shop)) == [(Mark.MISSING, "doctor-no-public")]
