"""One settings file, so that a second window acts on the same shop."""

from pathlib import Path

import pytest

from app.settings import Settings, read_settings
from app.words import complaint
from sales.errors import Misconfigured
from tests.app.command import clean_environment, command

FILE = Path(".env")


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (*Settings.model_fields, "lc_all"):
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")


def test_the_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    FILE.write_text('# m\nBANK_HOLDER="NGUYEN VAN A"\nexport PORT=9000\nCASSO_CHECKSUM_KEY=dummy\nPAYOS_API_KEY=""\n')
    monkeypatch.setenv("PORT", "9001")
    settings = read_settings()
    assert (settings.bank_holder, settings.port, settings.sandbox) == ("NGUYEN VAN A", 9001, False)
    assert settings.gateway_secrets == {"casso": {"checksum_key": "dummy"}}


def test_only_reading_the_settings_reads_it() -> None:
    FILE.write_text("CASSO_CHECKSUM_KEY=dummy\n")
    assert Settings().sandbox
    assert not read_settings().sandbox


def test_a_mark_of_windows_in_front_hides_no_name() -> None:
    FILE.write_bytes(b"\xef\xbb\xbfTELEGRAM_BOT_TOKEN=7:dummy\r\nPORT=9000\r\n")
    settings = read_settings()
    assert (settings.telegram_bot_token is None, settings.port) == (False, 9000)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'PORT=9000\nBANK_HOLDER="NGUYEN\n', "line 2 cannot be read"),
        (b"PORT 9000\n", "line 1 cannot be read"),
        (b"BANK_HOLDER=\xff\xfe\n", "no text in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_plain_words(content: bytes, words: str) -> None:
    FILE.write_bytes(content)
    with pytest.raises(Misconfigured) as told:
        read_settings()
    [line] = complaint(told.value)
    assert (words in line, ".env" in line, "NGUYEN" in line) == (True, True, False)


def test_a_folder_of_that_name_is_no_settings_file() -> None:
    FILE.mkdir()
    assert read_settings().sandbox


def test_a_file_that_may_not_be_opened_is_told(tmp_path: Path) -> None:
    FILE.symlink_to(FILE.name)
    told = command("ledger", cwd=tmp_path)
    assert (told.code, ".env cannot be read" in told.err) == (2, True)


def test_a_wrong_value_in_it_is_named_without_the_value() -> None:
    FILE.write_text("PORT=secret-word\n")
    with pytest.raises(Misconfigured) as told:
        read_settings()
    assert ("PORT" in complaint(told.value)[0], "secret-word" in "".join(complaint(told.value))) == (True, False)


def test_every_window_acts_on_the_shop_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command in a window that has exported nothing."""
    FILE.write_text('CASSO_CHECKSUM_KEY="dummy"\n')
    monkeypatch.setattr("tests.app.command.clean_environment", _exported_nothing)
    made = command("migrate", cwd=tmp_path)
    assert (made.code, "data/shop.db" in made.out) == (0, True)
    assert sorted(path.name for path in (tmp_path / "data").glob("*.db")) == ["shop.db"]


def test_the_suite_does_not_see_a_sellers_file(tmp_path: Path) -> None:
    FILE.write_text('CASSO_CHECKSUM_KEY="dummy"\n')
    assert "data/sandbox.db" in command("migrate", cwd=tmp_path).out


def _exported_nothing(**changes: str) -> dict[str, str]:
    return {name: value for name, value in clean_environment(**changes).items() if value.strip()}
