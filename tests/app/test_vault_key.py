"""The vault key that is made beside the database: whole, for its owner only, and never in place of one that is lost."""

import stat
from pathlib import Path

import pytest

from app.settings import Settings
from app.vault_key import key_file, open_vault
from sales.errors import Misconfigured


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path / 'shop.db'}", casso_checksum_key="dummy", vault_key=None)


def test_a_key_is_made_once(settings: Settings) -> None:
    vault, made = open_vault(settings, founded=False)
    again, found = open_vault(settings, founded=False)
    assert (made, found) == (key_file(settings), None)
    assert again.unseal("place", vault.seal("place", "secret")) == "secret"


def test_only_its_owner_reads_it_and_nothing_else_is_left(settings: Settings, tmp_path: Path) -> None:
    open_vault(settings, founded=False)
    assert [file.name for file in tmp_path.iterdir()] == ["shop.vault.key"]
    assert stat.S_IMODE(key_file(settings).stat().st_mode) == 0o600


def test_a_start_that_was_cut_off_leaves_no_half_key(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", _power_cut)
        with pytest.raises(InterruptedError):
            open_vault(settings, founded=False)
    assert not key_file(settings).exists()
    assert open_vault(settings, founded=False)[1] == key_file(settings)


def test_a_lost_key_is_not_replaced(settings: Settings) -> None:
    with pytest.raises(Misconfigured, match="vault-key-lost"):
        open_vault(settings, founded=True)
    assert not key_file(settings).exists()


def _power_cut(_: int) -> None:
    raise InterruptedError
