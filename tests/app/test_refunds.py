"""`refunds export`: one new file for its owner's eyes, and plainly no bank's template."""

import asyncio
import csv
import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.refunds import export
from sales.errors import Misconfigured
from sales.refund import Refund
from storage.store import open_store
from tests.app.backups import KEY, settings
from tests.app.command import command
from tests.clock import FrozenClock
from tests.flows.desk import PAYEE, Desk
from tests.flows.shop import Shop, open_shop


@dataclass(slots=True)
class Till:
    """A shop beside which somebody sits at a terminal."""

    shop: Shop
    url: str

    async def payable(self, minor: int = 50_000) -> Refund:
        desk = await Desk.open(self.shop)
        return await desk.confirm_as_admin(await desk.owed(await desk.paid(), minor))

    async def export(self, path: Path) -> str:
        return "\n".join(await asyncio.to_thread(export, settings(self.url), path))


@pytest.fixture
async def till(sqlite_url: str, clock: FrozenClock) -> AsyncIterator[Till]:
    store = await open_store(sqlite_url, clock)
    yield Till(await open_shop(store, key=KEY), sqlite_url)
    await store.close()


async def test_the_sheet_is_written_while_the_shop_is_open_and_for_its_owner_alone(till: Till, tmp_path: Path) -> None:
    refund, path = await till.payable(), tmp_path / "pay.xlsx"
    told = await till.export(path)
    assert str(path) in told
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not await asyncio.to_thread(lambda: list(tmp_path.glob(".pay*")))
    sheet = load_workbook(path).active
    assert sheet is not None
    row = [cell.value for cell in sheet[2]]
    assert row[1:7] == [PAYEE.bin, PAYEE.account, PAYEE.holder, 50_000, refund.memo, refund.code]
    assert PAYEE.account not in told


async def test_it_says_that_it_is_no_banks_template(till: Till, tmp_path: Path) -> None:
    await till.payable()
    path = tmp_path / "pay.csv"
    done = await asyncio.to_thread(
        command, "refunds", "export", str(path), DATABASE_URL=till.url, VAULT_KEY=KEY, CASSO_CHECKSUM_KEY="dummy"
    )
    assert (done.code, done.err) == (0, "")
    assert "no bank's template" in done.out
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, row = list(csv.reader(file))
    assert (head[2], row[2]) == ("Account number", PAYEE.account)


async def test_a_file_that_is_there_is_never_replaced(till: Till, tmp_path: Path) -> None:
    await till.payable()
    path = tmp_path / "pay.csv"
    path.write_text("mine")
    with pytest.raises(Misconfigured, match="backup-exists"):
        await till.export(path)
    assert path.read_text() == "mine"


async def test_a_second_sheet_warns_of_what_stood_in_the_first(till: Till, tmp_path: Path) -> None:
    desk = await Desk.open(till.shop)
    old = await desk.confirm_as_admin(await desk.owed(await desk.paid()))
    assert "before" not in await till.export(tmp_path / "one.csv")
    new = await desk.confirm_as_admin(await desk.owed(await desk.paid()))
    told = await till.export(tmp_path / "two.csv")
    assert "one refund of these" in told
    assert f"- {old.code}, on " in told
    assert f"- {new.code}" not in told
    with (tmp_path / "two.csv").open(encoding="utf-8-sig", newline="") as file:
        _, *rows = list(csv.reader(file))
    assert [(row[6], bool(row[8])) for row in rows] == [(old.code, True), (new.code, False)]


async def test_nothing_to_pay_writes_nothing(till: Till, tmp_path: Path) -> None:
    assert await till.export(tmp_path / "pay.csv")
    assert not (tmp_path / "pay.csv").exists()


@pytest.mark.parametrize("name", ["pay", "pay.xls", "pay.pdf", ".xlsx"])
async def test_only_two_kinds_of_files_are_written(till: Till, tmp_path: Path, name: str) -> None:
    await till.payable()
    with pytest.raises(Misconfigured, match="refunds-export-ending"):
        await till.export(tmp_path / name)


async def test_without_a_shop_there_is_nothing_to_export(tmp_path: Path) -> None:
    nowhere = settings(f"sqlite:///{tmp_path / 'none.db'}")
    with pytest.raises(Misconfigured):
        await asyncio.to_thread(export, nowhere, tmp_path / "pay.csv")
