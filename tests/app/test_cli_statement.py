"""Statements at the command line: shown first, asked about, imported, and read the same way the next time."""

import asyncio
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.settings import Settings
from storage import money
from storage.store import open_store
from storage.vault import new_vault_key
from tests.app.command import Result
from tests.app.sealed_shop import SealedShop, sealed_shop
from tests.clock import FrozenClock
from tests.gateways.statements import ACCOUNT, TWO_COLUMNS, sheet_file, text_file
from tests.house.source import ROOT

BANK = {"BANK_BIN": "970422", "BANK_ACCOUNT": ACCOUNT, "BANK_HOLDER": "NGUYEN VAN A", "CASSO_CHECKSUM_KEY": "dummy"}
ODD = "A;B;C\n20/11/2026;79.000;chuyen tien\n20/11/2026;-1.000;phi\n31/02/2026;5;x\n"
SECOND = '\n[[account]]\nbank = "Vietcombank"\naccount = "0071000123456"\nholder = "NGUYEN VAN A"\n'


@pytest.fixture(scope="module")
def founded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> SealedShop:
    """A shop opened one time for all of these tests."""
    folder = tmp_path_factory.mktemp("founded")
    path = shutil.copy(sqlite_template, folder / "shop.db")
    opened = sealed_shop(f"sqlite:///{path}", **BANK, VAULT_KEY=new_vault_key())
    asyncio.run(opened.start_once())
    return opened


@pytest.fixture
def shop(founded: SealedShop, tmp_path: Path) -> SealedShop:
    path = shutil.copy(founded.settings.database.removeprefix("sqlite:///"), tmp_path / "shop.db")
    return SealedShop(founded.environment | {"DATABASE_URL": f"sqlite:///{path}"})


def say(shop: SealedShop, *words: str, typed: tuple[str, ...] = ()) -> Result:
    """The command line in this process, with what a person would type."""
    blank = {name.upper(): " " for name in Settings.model_fields} | {"LC_ALL": "", "LANG": "en_US.UTF-8"}
    runner = CliRunner(env=blank | shop.environment)
    done = runner.invoke(main, ["statement", *words], input="".join(f"{each}\n" for each in typed))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Result(done.exit_code, done.stdout.replace("\u00a0", " "), done.stderr)


def imported(shop: SealedShop, path: Path, *options: str, typed: tuple[str, ...] = ()) -> Result:
    return say(shop, "import", str(path), *options, typed=typed)


def movements(shop: SealedShop) -> list[tuple[str, int]]:
    async def look() -> list[tuple[str, int]]:
        number = (await shop.visit()).shop.id
        store = await open_store(shop.settings.database, FrozenClock())
        rows = await store.read(lambda unit: money.movements(unit, number))
        await store.close()
        return [(row.meaning, row.amount) for row in rows]

    return asyncio.run(look())


def test_a_statement_is_shown_and_imported_without_a_question(shop: SealedShop, tmp_path: Path) -> None:
    path = text_file(tmp_path, TWO_COLUMNS, "utf-8-sig")
    told = imported(shop, path, "--yes")
    assert told.code == 0, told.err
    for words in (
        "The header stands in row 5",
        '5. Ghi nợ ("50.000,00"): money out',
        f"MBBank, mapped by you, account {ACCOUNT}",
        "Line 7: 09:15, 20 Nov 2026 · 79,000",
        "2 lines · in 79,000",
        "Known: 0 from a statement before, 0 from notices.",
        "• names no order: 1",
        "• money out: 1",
        "1 of the new lines will wait in /review",
        "2 lines were taken.",
    ):
        assert words in told.out, words
    assert movements(shop) == [("unmatched", 79_000), ("out", -50_000)]
    again = imported(shop, path, "--yes")
    assert "This layout is known: MBBank, mapped by you" in again.out
    assert "Known: 2 from a statement before" in again.out
    assert len(movements(shop)) == 2


def test_a_dry_run_writes_nothing_not_even_the_layout(shop: SealedShop, tmp_path: Path) -> None:
    told = imported(shop, text_file(tmp_path, TWO_COLUMNS), "--yes", "--dry-run")
    assert (told.code, "Nothing was written." in told.out) == (0, True)
    assert movements(shop) == []
    assert "No layout is known yet" in (say(shop, "layouts")).out


def test_what_is_not_recognised_is_said_and_kept_by_its_header(shop: SealedShop, tmp_path: Path) -> None:
    path = text_file(tmp_path, ODD)
    refused = imported(shop, path, "--yes")
    assert (refused.code, "--column date=1 --column amount=4" in refused.err) == (2, True)
    said = ["--column", "date=1", "--column", "amount=b", "--column", "memo=3", "--bank", "Bank A"]
    told = imported(shop, path, "--yes", "--header", "1", *said)
    assert (told.code, told.err.splitlines()[-1]) == (1, "Line 4 was left out: its date cannot be read.")
    assert movements(shop) == [("unmatched", 79_000), ("out", -1_000)]
    layouts = say(shop, "layouts")
    assert "Bank A: mapped by you" in layouts.out
    assert "(date=1, amount=2, memo=3)" in layouts.out
    more = sheet_file(tmp_path, [["A", "B", "C"], ["21/11/2026", 7, "x"]])
    assert "Known: 0" in (imported(shop, more, "--yes", "--header", "1")).out
    assert (movements(shop))[-1] == ("unmatched", 7)


def test_a_layout_is_forgotten(shop: SealedShop, tmp_path: Path) -> None:
    imported(shop, text_file(tmp_path, TWO_COLUMNS), "--yes")
    assert (say(shop, "layouts", "--forget", "1")).code == 0
    again = say(shop, "layouts", "--forget", "1")
    assert (again.code, again.err) == (1, "There is no layout 1.\n")


def test_earlier_days_are_passed_over(shop: SealedShop, tmp_path: Path) -> None:
    path = text_file(tmp_path, "Date,Amount,Details\n2026-11-19,5,x\n2026-11-20,6,y\n")
    told = imported(shop, path, "--yes", "--since", "2026-11-20")
    assert "1 lines of earlier days" in told.out
    assert movements(shop) == [("unmatched", 6)]


def test_which_account_is_found_above_the_header_or_must_be_said(shop: SealedShop, tmp_path: Path) -> None:
    file = tmp_path / "shop.toml"
    file.write_text((ROOT / "shop.toml").read_text() + SECOND)
    shop.environment["SHOP_FILE"] = str(file)
    asyncio.run(shop.start_once())
    assert (imported(shop, text_file(tmp_path, TWO_COLUMNS), "--yes")).code == 0
    plain = text_file(tmp_path, "Date,Amount,Details\n2026-11-20,6,y\n", name="plain.csv")
    refused = imported(shop, plain, "--yes")
    assert (refused.code, "0071000123456" in refused.err) == (2, True)
    assert (imported(shop, plain, "--yes", "--account", "999")).code == 2
    told = imported(shop, plain, "--yes", "--account", "0071000123456")
    assert "Vietcombank, mapped by you, account 0071000123456" in told.out


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "There is nothing in this file."),
        (b"PK\x03\x04 no zip", "This spreadsheet is broken"),
        (b"<html>", "neither CSV nor XLSX"),
    ],
)
def test_a_file_that_is_none_is_refused_plainly(shop: SealedShop, tmp_path: Path, body: bytes, words: str) -> None:
    path = tmp_path / "statement.csv"
    path.write_bytes(body)
    told = imported(shop, path, "--yes")
    assert (told.code, words in told.err, "Traceback" in told.err) == (2, True, False)


def test_before_the_first_start_there_is_nothing_to_import_into(tmp_path: Path) -> None:
    shop = sealed_shop(f"sqlite:///{tmp_path}/none.db", **BANK)
    assert (imported(shop, text_file(tmp_path, TWO_COLUMNS), "--yes")).code == 2
    assert not (tmp_path / "none.db").exists()


def test_the_wizard_asks_for_what_it_cannot_know(shop: SealedShop, tmp_path: Path) -> None:
    path = text_file(tmp_path, ODD.replace("31/02", "21/11"))
    # Bank, then the eleven roles in their order: date, time, amount, way, credit, debit, memo and four more.
    answers = ("Bank A", "1", "0", "2", "0", "0", "0", "3", "0", "0", "0", "0")
    told = imported(shop, path, typed=(*answers, "n"))
    assert (told.code, "Nothing was written." in told.out, movements(shop)) == (0, True, [])
    told = imported(shop, path, typed=(*answers, "y"))
    assert (told.code, "3 lines were taken." in told.out, "Importing" in told.err) == (0, True, True)
    assert "Which column is the date? (0: none)" in told.out
    assert len(movements(shop)) == 3


def test_the_wizard_takes_yes_for_what_it_has_recognised(shop: SealedShop, tmp_path: Path) -> None:
    told = imported(shop, text_file(tmp_path, TWO_COLUMNS), typed=("", "y", "y"))
    assert (told.code, "Is that right?" in told.out) == (0, True)
    assert len(movements(shop)) == 2
    assert "MBBank: mapped by you" in say(shop, "layouts").out
