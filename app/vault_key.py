"""The vault key: from the environment, or made once and kept beside the database."""

import itertools
import os
from collections.abc import Callable
from pathlib import Path

from app.settings import DATA, Settings
from app.to_disk import keep_names
from sales.errors import Misconfigured
from storage.vault import Vault, new_vault_key

Fits = Callable[[Vault], bool]
"""Whether a vault opens what lies in the shop."""


def key_file(settings: Settings) -> Path:
    """Where the key of a SQLite shop is kept: beside its file, under its name."""
    return Path(settings.database.removeprefix("sqlite:///")).with_suffix(".vault.key")


def has_key_file(settings: Settings) -> bool:
    """Whether the key is kept in a file of ours, and not in VAULT_KEY."""
    return settings.on_sqlite and settings.vault_key is None


def next_key_file(settings: Settings) -> Path:
    """Where a new key lies while everything is sealed anew, and until it has taken the old one's place."""
    place = key_file(settings) if settings.on_sqlite else DATA / "shop.vault.key"
    return place.with_name(f"{place.name}.next")


def open_vault(settings: Settings, founded: bool, fits: Fits = lambda _: True) -> tuple[Vault, Path | None]:
    """Open the vault; the path says where a key was made just now, None otherwise.

    `founded`: the shop exists already. Then a missing key is never replaced: what was sealed would be lost.
    `fits`: whether a vault opens what lies in the shop; only when the usual key does not, is the next one looked at.
    Raises Misconfigured.
    """
    if has_key_file(settings) and not founded and not key_file(settings).exists():
        key = new_vault_key()
        keep_key(key_file(settings), key)
        return Vault.from_text(key), key_file(settings)
    return Vault.from_text(fitting_key(settings, fits)), None


def fitting_key(settings: Settings, fits: Fits) -> str:
    """The text of the usual key, or of the next one where only that fits; raises what `usual_key` raises."""
    usual = usual_key(settings)
    return usual if fits(Vault.from_text(usual)) else _fitting_next(settings, fits) or usual


def usual_key(settings: Settings) -> str:
    """The key's text, from wherever the shop takes it; raises Misconfigured when it is nowhere."""
    if settings.vault_key is not None:
        return settings.vault_key.get_secret_value()
    if not settings.on_sqlite:
        raise Misconfigured("vault-key-needed")
    try:
        return read_key(key_file(settings))
    except OSError as error:
        raise Misconfigured("vault-key-lost", path=str(key_file(settings))) from error


def read_key(path: Path) -> str:
    """The text of a key's file; odd bytes make a key that is none. Raises OSError."""
    return path.read_text(encoding="ascii", errors="replace")


def key_to_set(settings: Settings) -> Path | None:
    """A new key that waits for the seller to put it into VAULT_KEY; None where none is to be seen."""
    path = next_key_file(settings)
    return path if not has_key_file(settings) and os.path.exists(path) else None  # noqa: PTH110 - it raises nothing


def take_next_key(settings: Settings, fits: Fits) -> None:
    """Finish a rotation: the next key takes the old one's place, or goes when it is not in force.

    The old one is kept beside it, for the backups of its time. Only for who holds the database alone. A key in
    VAULT_KEY is the seller's to change.
    """
    path = next_key_file(settings)
    if not has_key_file(settings) or not path.exists():
        return
    if _fitting_next(settings, fits):
        _keep_old(settings)
        path.replace(key_file(settings))
    else:
        path.unlink()
    keep_names(path.parent)


def old_keys(settings: Settings) -> list[Path]:
    """Files of keys that were in force before, the newest last."""
    place = key_file(settings)
    numbered = (place.with_name(f"{place.name}.old-{number}") for number in itertools.count(1))
    return list(itertools.takewhile(Path.exists, numbered))


def _keep_old(settings: Settings) -> None:
    place, known = key_file(settings), old_keys(settings)
    if not known or read_key(known[-1]) != read_key(place):
        keep_key(place.with_name(f"{place.name}.old-{len(known) + 1}"), read_key(place))


def _fitting_next(settings: Settings, fits: Fits) -> str | None:
    try:
        text = read_key(next_key_file(settings))
        return text if fits(Vault.from_text(text)) else None
    except (OSError, Misconfigured):
        return None


def forget_key(path: Path) -> None:
    """Take a key away that nothing was sealed with."""
    path.unlink()
    keep_names(path.parent)


def half_written(path: Path) -> Path:
    """Where a key lies until it is on the disk whole."""
    return path.with_name(f"{path.name}.new")


def keep_key(path: Path, key: str) -> None:
    """Bring a key to the disk whole: half of it after a power cut would keep the shop closed. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = half_written(path)
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    with new.open("w", encoding="ascii") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    new.rename(path)
    keep_names(path.parent)
