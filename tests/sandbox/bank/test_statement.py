"""The statement: what is on it, and both files as a spreadsheet reads them."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from gateways.statement import Line, Reading
from gateways.statement_columns import complete
from gateways.statement_file import open_statement
from gateways.statement_layout import find_header, fits
from tests.sandbox.house import ACCOUNT, House

COLUMNS = [
    "Transaction date", "Reference", "Debit", "Credit", "Balance", "Description", "Counter account", "Counter name",
]  # fmt: skip


async def fetch(house: House, kind: str, language: str = "en") -> bytes:
    async with house.session.get(f"/sandbox/statement.{kind}", params={"language": language}) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Disposition"] == f'attachment; filename="statement.{kind}"'
        return await answer.read()


async def table(house: House, kind: str, language: str = "en") -> list[list[Any]]:
    body = await fetch(house, kind, language)
    if kind == "csv":
        assert body.startswith(b"\xef\xbb\xbf")
        return [list(row) for row in csv.reader(StringIO(body.decode("utf-8-sig")))]
    sheet = load_workbook(BytesIO(body)).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows(values_only=True)]


async def move(house: House) -> None:
    """Money in, money out, and what stands on no statement: elsewhere, forged, and not known yet."""
    paid = {"account": ACCOUNT.account, "amount": 79_000}
    await house.post("bank/pay", **paid, memo="=1+1 KX7R2M9CF, \x07", fault="none")
    house.clock.move(timedelta(hours=1))
    await house.post("bank/send", account="0071000123456", amount=1_050, memo="RF7R2M9CF", holder="TRAN THI B")
    for fault in ("wrong_account", "forged", "late"):
        await house.post("bank/pay", **paid, memo="no", fault=fault)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_every_movement_that_is_known_stands_there_with_its_balance(house: House, kind: str) -> None:
    await move(house)
    rows = await table(house, kind)
    at = rows.index(COLUMNS)
    assert ACCOUNT.account in rows[1]
    came, went = rows[at + 1 :]
    assert came[0] == "21/11/2026 16:00:00", "the bank's own time"
    assert str(came[1]).startswith("FT")
    amounts = [79_000, 79_000, 1_050, 77_950]
    written = [f"{each:,}" for each in amounts] if kind == "csv" else amounts
    assert [came[3], came[4], went[2], went[4]] == written
    assert [came[2] or None, went[3] or None] == [None, None]
    assert came[5].startswith("=1+1 KX7R2M9CF")
    assert [went[5], went[6], went[7]] == ["RF7R2M9CF", "0071000123456", "TRAN THI B"]


async def test_a_memo_that_looks_like_a_formula_is_a_text(house: House) -> None:
    await move(house)
    sheet = load_workbook(BytesIO(await fetch(house, "xlsx"))).active
    assert sheet is not None
    (cell,) = [each for row in sheet.iter_rows() for each in row if str(each.value).startswith("=")]
    assert cell.data_type == "s"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_an_empty_account_has_an_empty_statement_in_either_language(house: House, kind: str) -> None:
    assert (await table(house, kind))[-1] == COLUMNS
    assert (await table(house, kind, "vi"))[-1][:4] == ["Ngày giao dịch", "Số tham chiếu", "Ghi nợ", "Ghi có"]


async def test_late_money_stands_there_once_the_bank_knows_it(house: House) -> None:
    await move(house)
    house.clock.move(timedelta(hours=1))
    assert len(await table(house, "csv")) == 7


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_the_shop_can_import_it_as_it_is(house: House, tmp_path: Path, kind: str, language: str) -> None:
    await move(house)
    path = tmp_path / f"statement.{kind}"
    path.write_bytes(await fetch(house, kind, language))
    rows = list(open_statement(path, fits).rows())
    header = find_header(rows)
    assert complete(header.columns)
    reading = Reading(header, header.columns, ACCOUNT.account, house.clock())
    lines = [each for each in reading.lines(rows) if isinstance(each, Line)]
    assert [each.sighting.amount for each in lines] == [79_000, -1_050]
    (known,) = house.street.bank.seen_by("casso")[:1]
    assert (lines[0].sighting.booked_at, lines[0].sighting.reference) == (known.booked_at, known.reference)
    assert [each.sighting.payer.account for each in lines] == ["1028000814", "0071000123456"]
