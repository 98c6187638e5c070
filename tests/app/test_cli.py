"""The command line, run as a process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import __version__
from tests.app.command import clean_environment, command
from tests.house.source import ROOT

EXAMPLE = {"SHOP_FILE": str(ROOT / "shop.toml")}
HEAVY = ("aiogram", "telegram", "sqlalchemy", "pydantic", "babel", "aiohttp", "PIL", "asyncio", "alembic")


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["run", "--help"], ["ledger", "-h"]])
def test_help_and_version_import_nothing_heavy(words: list[str]) -> None:
    look = (
        "import sys, contextlib\nfrom app.cli import main\n"
        f"with contextlib.suppress(SystemExit): main({words!r}, prog_name='chotdon')\n"
        f"print('IMPORTED', sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=True
    )
    assert "IMPORTED []" in done.stdout
    assert "chotdon" in done.stdout


def test_version_is_the_packages() -> None:
    assert command("--version").out.strip().endswith(__version__)


def test_validate_praises_the_example_and_names_mistakes(tmp_path: Path) -> None:
    fine = command("validate")
    assert (fine.code, "2 products, 4 plans" in fine.out) == (0, True)
    wrong = tmp_path / "wrong.toml"
    example = (ROOT / "shop.toml").read_text()
    wrong.write_text(example.replace("price = 79_000", "price = 0"))
    line = example[: example.index("price = 79_000")].count("\n") + 1
    told = command("validate", str(wrong))
    assert told.code == 2
    assert f"Line {line}, product 1 › plan 1 › price" in told.err
    assert "Traceback" not in told.err


def test_a_broken_shop_file_keeps_the_shop_closed(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text("[shop\n")
    told = command("run", cwd=tmp_path, PORT="0")
    assert told.code == 2
    assert "Line 1" in told.err
    assert "Traceback" not in told.err


def test_roles_of_their_own_need_postgresql(tmp_path: Path) -> None:
    for role in ("web", "worker"):
        told = command(role, cwd=tmp_path, CASSO_CHECKSUM_KEY="dummy")
        assert (told.code, "need PostgreSQL" in told.err) == (2, True)


def test_migrate_makes_the_database_and_may_be_repeated(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'shop.db'}"
    assert [command("migrate", DATABASE_URL=url).code for _ in range(2)] == [0, 0]
    assert (tmp_path / "deep" / "shop.db").stat().st_mode & 0o077 == 0


def test_a_password_in_the_database_address_is_not_printed(postgres_url: str) -> None:
    secret = "dummy-password"
    address = postgres_url if "@" not in postgres_url else postgres_url.replace("@", f":{secret}@", 1)
    told = command("migrate", DATABASE_URL=address)
    assert secret not in told.out + told.err


def test_show_and_ledger_before_the_first_start(tmp_path: Path) -> None:
    for words in (["show", "KX2345678", "--json"], ["ledger", "--json"]):
        told = command(*words, cwd=tmp_path)
        assert (told.code, "python -m app migrate" in told.err) == (2, True)


def test_an_empty_ledger_is_balanced(tmp_path: Path, opened_once: dict[str, str]) -> None:
    books = json.loads(command("ledger", "--json", **opened_once).out)
    assert (books["lines"], books["totals"], books["balanced"], books["findings"]) == ([], {}, True, [])
    told = command("ledger", "--day", "2026-11-21", "--currency", "vnd", **opened_once)
    assert told.out.splitlines()[1:] == [
        "No money has moved.",
        "",
        "✔ The books add up: every đồng is where the ledger says.",
    ]
    table = tmp_path / "books.csv"
    assert command("ledger", "--csv", str(table), **opened_once).code == 0
    assert table.read_bytes().decode("utf-8-sig") == command("ledger", "--csv", **opened_once).out
    told = command("show", "KX2345678", "--json", **opened_once)
    assert (told.code, told.err.strip()) == (1, "There is no order KX2345678.")


def test_the_doctor_says_what_is_missing(opened_once: dict[str, str]) -> None:
    account = {"BANK_BIN": "970422", "BANK_ACCOUNT": "0000111122223333", "BANK_HOLDER": "NGUYEN VAN A"}
    told = command("doctor", **opened_once, **account)
    assert told.code == 0
    assert "✔ Database" in told.out
    assert "• No SMTP_URL and MAIL_FROM" in told.out
    assert "✔ Casso" in told.out


def test_the_doctor_fails_a_shop_that_nobody_can_pay(opened_once: dict[str, str]) -> None:
    told = command("doctor", **opened_once)
    assert (told.code, "✘ Nobody can pay" in told.out) == (1, True)
    assert told.out.rstrip().splitlines()[-1].startswith("✔ works · • ")


def test_the_doctor_notices_a_wrong_vault_key(opened_once: dict[str, str]) -> None:
    told = command("doctor", **(opened_once | {"VAULT_KEY": "A" * 43}))
    assert (told.code, "✘ VAULT_KEY is not the key" in told.out) == (1, True)


def test_settings_that_are_wrong_are_named(tmp_path: Path) -> None:
    told = command("doctor", cwd=tmp_path, PORT="eighty", SMTP_URL="smtp://a:secret-word@h")
    assert (told.code, "PORT" in told.err, "secret-word" in told.err) == (2, True, False)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"HOST": b"\xff\xfe"}, "HOST must be"),
        ({"DATABASE_URL": b"postgresql://u:p@127.0.0.1:1/d?sslmode=odd"}, "sslmode must be"),
    ],
)
def test_odd_settings_are_told_plainly(tmp_path: Path, changes: dict[str, bytes], words: str) -> None:
    read = {name: os.fsdecode(value) for name, value in changes.items()}
    told = command("run", cwd=tmp_path, CASSO_CHECKSUM_KEY="dummy", VAULT_KEY="A" * 43, PORT="0", **EXAMPLE, **read)
    assert (told.code, words in told.err, "Traceback" in told.err) == (2, True, False)


@pytest.mark.parametrize("code", [b"\xff\xfe", "Đơn".encode(), b"KX 23"])
def test_a_code_of_odd_bytes_is_an_unknown_order(opened_once: dict[str, str], code: bytes) -> None:
    told = command("show", os.fsdecode(code), **opened_once)
    assert (told.code, "There is no order" in told.err, "Traceback" in told.err) == (1, True, False)


def test_vietnamese_terminals_are_answered_in_vietnamese() -> None:
    assert "2 sản phẩm" in command("validate", LC_ALL="vi_VN.UTF-8").out


@pytest.fixture
def opened_once(tmp_path: Path) -> dict[str, str]:
    """The settings of a real shop that has been opened and closed once, without chat or mail."""
    import asyncio

    from app.run import Role, open_house
    from app.settings import Settings

    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'shop.db'}", "CASSO_CHECKSUM_KEY": "dummy-key", "PORT": "0"}
    settings = Settings(**{name.lower(): value for name, value in environment.items()})  # type: ignore[arg-type]

    async def once() -> None:
        async with open_house(settings, Role.ALL):
            pass

    asyncio.run(once())
    return environment
