"""The vault key: from the environment, or made once and kept beside the database."""

import os
from pathlib import Path

from app.settings import Settings
from app.to_disk import keep_names
from sales.errors import Misconfigured
from storage.vault import Vault, new_vault_key


def key_file(settings: Settings) -> Path:
    """Where the key of a SQLite shop is kept: beside its file, under its name."""
    return Path(settings.database.removeprefix("sqlite:///")).with_suffix(".vault.key")


def open_vault(settings: Settings, founded: bool) -> tuple[Vault, Path | None]:
    """Open the vault; the path says where a key was made just now, None otherwise.

    `founded`: the shop exists already. Then a missing key is never replaced: what was sealed would be lost.
    Raises Misconfigured.
    """
    if settings.vault_key is not None:
        return Vault.from_text(settings.vault_key.get_secret_value()), None
    if not settings.on_sqlite:
        raise Misconfigured("vault-key-needed")
    path = key_file(settings)
    if path.exists():
        return Vault.from_text(path.read_text(encoding="ascii", errors="replace")), None
    if founded:
        raise Misconfigured("vault-key-lost", path=str(path))
    key = new_vault_key()
    keep_key(path, key)
    return Vault.from_text(key), path


def keep_key(path: Path, key: str) -> None:
    """Bring a key to the disk whole: half of it after a power cut would keep the shop closed."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    with new.open("w", encoding="ascii") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    new.rename(path)
    keep_names(path.parent)
