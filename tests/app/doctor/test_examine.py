"""The whole examination, and the command that runs it."""

import asyncio
import json
from pathlib import Path

import pytest

from app.doctor import examine
from app.doctor.examine import as_lines, as_values, examine_patient, healthy
from app.doctor.finding import Finding, Mark, Patient, broken, missing, works
from tests.app.command import command
from tests.app.doctor.patients import NOWHERE, patient
from tests.app.test_shop_file import GOOD
from tests.house.source import ROOT

SHOP_FILE = ROOT / "shop.toml"


async def test_every_check_runs_at_once_and_none_for_ever(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """All are held by one gate that opens when the last has come; one that never ends is told, and its time."""
    arrived = 0
    everybody = asyncio.Event()

    async def wait(_patient: Patient) -> list[Finding]:
        nonlocal arrived
        arrived += 1
        if arrived == 3:
            everybody.set()
        await everybody.wait()
        return [works("doctor-real")]

    async def never(_patient: Patient) -> list[Finding]:
        await asyncio.Event().wait()
        return []

    monkeypatch.setattr(examine, "HERE", {"one": wait, "two": wait, "three": wait})
    monkeypatch.setattr(examine, "OUTSIDE", {"lazy": never})
    async with patient(casso_checksum_key="dummy") as shop:
        chart = await examine_patient(shop, patience=0.2)
    assert [(part, finding.mark) for part, finding in chart] == [
        ("mode", Mark.WORKS),
        ("one", Mark.WORKS),
        ("two", Mark.WORKS),
        ("three", Mark.WORKS),
        ("lazy", Mark.BROKEN),
    ]
    *_, last, blank, marks = as_lines(chart)
    assert ("lazy" in last, blank, all(mark in marks for mark in Mark)) == (True, "", True)


async def test_the_sandbox_needs_nothing_from_outside(tmp_path: Path) -> None:
    async with patient(database_url=f"sqlite:///{tmp_path}/toy.db", shop_file=SHOP_FILE) as shop:
        chart = await examine_patient(shop)
    assert [part for part, _ in chart] == ["mode", "shop", "database", "disk", "played"]
    assert healthy(chart)


async def test_a_sandbox_with_a_real_address_says_why_it_is_one(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/toy.db"
    async with patient(database_url=url, shop_file=SHOP_FILE, public_url="https://shop.example.com") as shop:
        chart = await examine_patient(shop)
    assert "• PUBLIC_URL is set, but no token and no gateway key: this is the sandbox" in "\n".join(as_lines(chart))


async def test_a_shop_that_cannot_sell_is_ill(tmp_path: Path) -> None:
    """With a token and prices in đồng alone nobody can pay, and no money is noticed."""
    (tmp_path / "shop.toml").write_text(GOOD)
    settings = {"telegram_bot_token": "7:dummy", "telegram_api_url": NOWHERE, "shop_file": tmp_path / "shop.toml"}
    async with patient(database_url=f"sqlite:///{tmp_path}/shop.db", **settings) as shop:
        chart = await examine_patient(shop)
    ill = [finding.message for part, finding in chart if finding.mark is Mark.BROKEN and part in ("bank", "casso")]
    assert ill == ["doctor-nobody-can-pay", "doctor-money-unnoticed"]


async def test_a_shop_file_with_mistakes_is_broken(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text("[shop\n")
    async with patient(database_url=f"sqlite:///{tmp_path}/toy.db", shop_file=tmp_path / "shop.toml") as shop:
        chart = await examine_patient(shop)
    assert not healthy(chart)
    assert [finding.message for part, finding in chart if part == "shop"] == ["doctor-mistake"]


def test_only_what_is_broken_makes_a_shop_ill() -> None:
    fine, lacking, ill = works("doctor-real"), missing("start-no-mail"), broken("doctor-no-mail")
    assert healthy([("a", fine), ("b", lacking)])
    assert not healthy([("a", fine), ("b", ill)])
    assert [each["state"] for each in as_values([("a", fine), ("b", lacking), ("c", ill)])] == [
        "works",
        "missing",
        "broken",
    ]


def test_the_command_answers_programs_too(tmp_path: Path) -> None:
    settings = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/shop.db",
        "TELEGRAM_BOT_TOKEN": "7:dummy",
        "TELEGRAM_API_URL": NOWHERE,
        "PUBLIC_URL": NOWHERE,
    }
    told = command("doctor", "--json", **settings)
    chart = json.loads(told.out)
    assert told.code == 1
    parts = {each["part"]: each["state"] for each in chart}
    assert (parts["telegram"], parts["public"], parts["database"]) == ("broken", "broken", "missing")
    assert all(each["text"] for each in chart)
