"""Statements at the command line: shown first, asked about, imported, and read the same way the next time."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from storage import money
from storage.store import open_store
from tests.app.command import Result, clean_environment
from tests.app.sealed_shop import SealedShop, sealed_shop
from tests.clock import FrozenClock
from tests.gateways.statements import ACCOUNT, TWO_COLUMNS, sheet_file, text_file
from tests.house.source import ROOT

BANK = {"BANK_BIN": "970422", "BANK_ACCOUNT": ACCOUNT, "BANK_HOLDER": "NGUYEN VAN A", "CASSO_CHECKSUM_KEY": "dummy"}
ODD = "A;B;C\n20/11/2026;79.000;chuyen tien\n20/11/2026;-1.000;phi\n31/02/2026;5;x\n"
SECOND = '\n[[account]]\nbank = "Vietcombank"\naccount = "0071000123456"\nholder = "NGUYEN VAN A"\n'


@pytest.fixture
async def shop(sqlite_url: str) -> SealedShop:
    opened = sealed_shop(sqlite_url, **BANK)
    await opened.start_once()
    return opened


async def imported(shop: SealedShop, path: Path, *options: str) -> Result:
    return await shop.say("statement", "import", str(path), *options)


async def movements(shop: SealedShop) -> list[tuple[str, int]]:
    store = await open_store(shop.settings.database, FrozenClock())
    number = (await shop.visit()).shop.id
    rows = await store.read(lambda unit: money.movements(unit, number))
    await store.close()
    return [(row.meaning, row.amount) for row in rows]


async def test_a_statement_is_shown_and_imported_without_a_question(shop: SealedShop, tmp_path: Path) -> None:
    path = text_file(tmp_path, TWO_COLUMNS, "utf-8-sig")
    told = await imported(shop, path, "--yes")
    assert told.code == 0, told.err
    for words in (
        "The header stands in row 5",
        '5. Ghi nợ (""): money out',
        f"MBBank, mapped by you, account {ACCOUNT}",
        "Line 7: 09:15, 20 Nov 2026 · 79,000",
        "2 lines · in 79,000",
        "Known: 0 from a statement before, 0 from notices.",
        "• names no order: 1",
        "• money out: 1",
        "1 of the new lines will wait in /review",
        "2 lines were taken.",
    ):
        assert words in told.out.replace("\u00a0", " "), words
    assert await movements(shop) == [("unmatched", 79_000), ("out", -50_000)]
    again = await imported(shop, path, "--yes")
    assert "This layout is known: MBBank, mapped by you" in again.out
    assert "Known: 2 from a statement before" in again.out
    assert len(await movements(shop)) == 2


async def test_a_dry_run_writes_nothing_not_even_the_layout(shop: SealedShop, tmp_path: Path) -> None:
    told = await imported(shop, text_file(tmp_path, TWO_COLUMNS), "--yes", "--dry-run")
    assert (told.code, "Nothing was written." in told.out) == (0, True)
    assert await movements(shop) == []
    assert "No layout is known yet" in (await shop.say("statement", "layouts")).out


async def test_what_is_not_recognised_is_said_and_kept_by_its_header(shop: SealedShop, tmp_path: Path) -> None:
    path = text_file(tmp_path, ODD)
    refused = await imported(shop, path, "--yes")
    assert (refused.code, "--column date=1 --column amount=4" in refused.err) == (2, True)
    said = ["--column", "date=1", "--column", "amount=b", "--column", "memo=3", "--bank", "Bank A"]
    told = await imported(shop, path, "--yes", "--header", "1", *said)
    assert (told.code, told.err.splitlines()[-1]) == (1, "Line 4 was left out: its date cannot be read.")
    assert await movements(shop) == [("unmatched", 79_000), ("out", -1_000)]
    layouts = await shop.say("statement", "layouts")
    assert "Bank A: mapped by you" in layouts.out
    assert "(date=1, amount=2, memo=3)" in layouts.out
    more = sheet_file(tmp_path, [["A", "B", "C"], ["21/11/2026", 7, "x"]])
    assert "Known: 0" in (await imported(shop, more, "--yes", "--header", "1")).out
    assert (await movements(shop))[-1] == ("unmatched", 7)


async def test_a_layout_is_forgotten(shop: SealedShop, tmp_path: Path) -> None:
    await imported(shop, text_file(tmp_path, TWO_COLUMNS), "--yes")
    assert (await shop.say("statement", "layouts", "--forget", "1")).code == 0
    again = await shop.say("statement", "layouts", "--forget", "1")
    assert (again.code, again.err) == (1, "There is no layout 1.\n")


async def test_earlier_days_are_passed_over(shop: SealedShop, tmp_path: Path) -> None:
    path = text_file(tmp_path, "Date,Amount,Details\n2026-11-19,5,x\n2026-11-20,6,y\n")
    told = await imported(shop, path, "--yes", "--since", "2026-11-20")
    assert "1 lines of earlier days" in told.out
    assert await movements(shop) == [("unmatched", 6)]


async def test_which_account_is_found_above_the_header_or_must_be_said(shop: SealedShop, tmp_path: Path) -> None:
    file = tmp_path / "shop.toml"
    file.write_text((ROOT / "shop.toml").read_text() + SECOND)
    shop.environment["SHOP_FILE"] = str(file)
    await shop.start_once()
    assert (await imported(shop, text_file(tmp_path, TWO_COLUMNS), "--yes")).code == 0
    plain = text_file(tmp_path, "Date,Amount,Details\n2026-11-20,6,y\n", name="plain.csv")
    refused = await imported(shop, plain, "--yes")
    assert (refused.code, "0071000123456" in refused.err) == (2, True)
    assert (await imported(shop, plain, "--yes", "--account", "999")).code == 2
    told = await imported(shop, plain, "--yes", "--account", "0071000123456")
    assert "Vietcombank, mapped by you, account 0071000123456" in told.out


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "There is nothing in this file."),
        (b"PK\x03\x04 no zip", "This spreadsheet is broken"),
        (b"<html>", "neither CSV nor XLSX"),
    ],
)
async def test_a_file_that_is_none_is_refused_plainly(
    shop: SealedShop, tmp_path: Path, body: bytes, words: str
) -> None:
    path = tmp_path / "statement.csv"
    path.write_bytes(body)
    told = await imported(shop, path, "--yes")
    assert (told.code, words in told.err, "Traceback" in told.err) == (2, True, False)


async def test_before_the_first_start_there_is_nothing_to_import_into(tmp_path: Path) -> None:
    shop = sealed_shop(f"sqlite:///{tmp_path}/none.db", **BANK)
    assert (await imported(shop, text_file(tmp_path, TWO_COLUMNS), "--yes")).code == 2
    assert not (tmp_path / "none.db").exists()


def typed_at_a_terminal(shop: SealedShop, path: Path, *answers: str) -> tuple[int, str]:
    """Import it as a person would: what they type, and all that the screen shows."""
    master, slave = pty.openpty()
    words = [sys.executable, "-m", "app", "statement", "import", str(path)]
    process = subprocess.Popen(
        words, cwd=ROOT, env=clean_environment(**shop.environment), stdin=slave, stdout=slave, stderr=slave
    )
    os.close(slave)
    os.write(master, "".join(f"{answer}\n" for answer in answers).encode())
    shown = b""
    try:
        while piece := os.read(master, 4096):
            shown += piece
    except OSError:  # the other end is closed: the process has ended
        pass
    os.close(master)
    return process.wait(60), shown.decode()


async def test_the_wizard_asks_for_what_it_cannot_know(shop: SealedShop, tmp_path: Path) -> None:
    path = text_file(tmp_path, ODD.replace("31/02", "21/11"))
    # Bank, then the eleven roles in their order: date, time, amount, way, credit, debit, memo and four more.
    answers = ["Bank A", "1", "0", "2", "0", "0", "0", "3", "0", "0", "0", "0"]
    code, shown = typed_at_a_terminal(shop, path, *answers, "n")
    assert (code, "Nothing was written." in shown) == (0, True), shown
    assert "Which column is the date? (0: none)" in shown
    assert await movements(shop) == []
    code, shown = typed_at_a_terminal(shop, path, *answers, "y")
    assert (code, "3 lines were taken." in shown) == (0, True), shown
    assert len(await movements(shop)) == 3


async def test_the_wizard_takes_yes_for_what_it_has_recognised(shop: SealedShop, tmp_path: Path) -> None:
    code, shown = typed_at_a_terminal(shop, text_file(tmp_path, TWO_COLUMNS), "", "y", "y")
    assert (code, "Is that right?" in shown, "Importing" in shown) == (0, True, True), shown
    assert len(await movements(shop)) == 2
    layouts = await shop.say("statement", "layouts")
    assert "MBBank: mapped by you" in layouts.out
    assert json.dumps(layouts.err) == '""'
