"""Backups that are broken, or changed by somebody who knows how: nothing is restored, and the reason is plain."""

import asyncio
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from app.backup import make_backup
from app.restore import restore_backup
from sales.errors import Misconfigured
from storage.schema.shop import shops
from tests.app.backups import found, nothing_is_there, settings
from tests.clock import FrozenClock

Parts = dict[str, bytes]
Harm = Callable[[Parts], None]


def change_a_price(parts: Parts) -> None:
    name = "tables/orders.jsonl"
    parts[name] = parts[name].replace(b"79000", b"00001")


def resigned(name: str, change: Callable[[list[Any]], Any]) -> Harm:
    """Change the first row of a table and mend the manifest, as somebody would who knows how."""

    def harm(parts: Parts) -> None:
        first, *others = parts[f"tables/{name}.jsonl"].splitlines(keepends=True)
        row = json.loads(first)
        told = change(row)
        line = json.dumps(row if told is None else told).encode() + b"\n"
        parts[f"tables/{name}.jsonl"] = whole = b"".join([line, *others])
        manifest = json.loads(parts["manifest.json"])
        [part] = [each for each in manifest["tables"] if each["name"] == name]
        part |= {"bytes": len(whole), "sha256": sha256(whole).hexdigest(), "rows": whole.count(b"\n")}
        parts["manifest.json"] = json.dumps(manifest).encode()

    return harm


def told_otherwise(**changes: Any) -> Harm:
    def harm(parts: Parts) -> None:
        parts["manifest.json"] = json.dumps(json.loads(parts["manifest.json"]) | changes).encode()

    return harm


def counted_to(last: int) -> Harm:
    """Orders were numbered up to there, says the manifest."""

    def harm(parts: Parts) -> None:
        manifest = json.loads(parts["manifest.json"])
        [part] = [each for each in manifest["tables"] if each["name"] == "orders"]
        part["last_id"] = last
        parts["manifest.json"] = json.dumps(manifest).encode()

    return harm


def without_a_table(parts: Parts) -> None:
    manifest = json.loads(parts["manifest.json"])
    gone = manifest["tables"].pop()
    del parts[f"tables/{gone['name']}.jsonl"]
    parts["manifest.json"] = json.dumps(manifest).encode()


def put(place: int, value: Any) -> Callable[[list[Any]], None]:
    return lambda row: row.__setitem__(place, value)


SHOPS = list(shops.c.keys())

HARMS: dict[str, tuple[Harm, str]] = {
    "a price changed": (change_a_price, "restore-broken"),
    "a row gone": (lambda parts: parts.update({"tables/events.jsonl": b""}), "restore-broken"),
    "no manifest": (lambda parts: parts.pop("manifest.json") and None, "restore-broken"),
    "manifest of something else": (lambda parts: parts.update({"manifest.json": b"[]"}), "restore-broken"),
    "manifest that never ends": (lambda parts: parts.update({"manifest.json": b"[" * 2_000_000}), "restore-broken"),
    "a path that climbs": (lambda parts: parts.update({"../../etc/passwd": b"x"}), "restore-broken"),
    "a table gone": (without_a_table, "restore-broken"),
    "a newer form": (told_otherwise(format=2), "restore-newer"),
    "a newer schema": (told_otherwise(revision="9999"), "restore-newer"),
    "a schema that is a path": (told_otherwise(revision="../x"), "restore-broken"),
    "text for a number": (resigned("orders", put(1, "one")), "restore-broken"),
    "a number for text": (resigned("orders", put(3, 5)), "restore-broken"),
    "truth for a number": (resigned("orders", put(1, True)), "restore-broken"),
    "a number too long": (resigned("orders", put(8, 2**63)), "restore-broken"),
    "a fraction": (resigned("orders", put(8, 0.5)), "restore-broken"),
    "text no database takes": (resigned("orders", put(6, "\0")), "restore-broken"),
    "half a character": (resigned("orders", put(6, "\ud800")), "restore-broken"),
    "bytes that are none": (resigned("shops", put(6, {"b64": "*"})), "restore-broken"),
    "a row too short": (resigned("orders", lambda row: row.pop() and None), "restore-broken"),
    "no row at all": (resigned("orders", lambda _row: {"a": 1}), "restore-broken"),
    "a buyer who is not there": (resigned("orders", put(4, 99_999)), "restore-broken"),
    "a state that is none": (resigned("orders", put(7, "free")), "restore-broken"),
    "the same row twice": (resigned("buyers", put(0, 2)), "restore-broken"),
    "orders without end": (resigned("shops", put(SHOPS.index("order_seq"), 2**63 - 1)), "restore-broken"),
    "numbers below nought": (resigned("shops", put(SHOPS.index("attempt_seq"), -1)), "restore-broken"),
    "no id left": (counted_to(2**63 - 1), "restore-broken"),
    "hardly an id left": (counted_to(2**53 + 1), "restore-broken"),
    "the last id given out": (resigned("events", put(0, 2**63 - 1)), "restore-broken"),
    "money from nowhere": (resigned("postings", put(6, 1)), "restore-unbalanced"),
}


JUDGED_BY_THE_DATABASE = ("a buyer who is not there", "a state that is none", "the same row twice")


@pytest.mark.parametrize("harm", [*HARMS])
async def test_a_broken_or_hostile_backup_restores_nothing(
    harm: str, sqlite_url: str, kept: Path, tmp_path: Path, clock: FrozenClock
) -> None:
    await nothing_is_restored(harm, sqlite_url, f"sqlite:///{tmp_path}/new/shop.db", kept, clock)


@pytest.mark.parametrize(
    "harm",
    [
        "a row gone",
        "a number too long",
        "orders without end",
        "no id left",
        "money from nowhere",
        *JUDGED_BY_THE_DATABASE,
    ],
)
async def test_postgresql_undoes_it_too(
    harm: str, sqlite_url: str, empty_postgres_url: str, kept: Path, clock: FrozenClock
) -> None:
    await nothing_is_restored(harm, sqlite_url, empty_postgres_url, kept, clock)


async def nothing_is_restored(harm: str, sqlite_url: str, target: str, kept: Path, clock: FrozenClock) -> None:
    await found(sqlite_url, clock)
    await make_backup(settings(sqlite_url), kept, with_key=False)
    with ZipFile(kept) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    do, told = HARMS[harm]
    do(parts)
    harmed = kept.with_name("harmed.zip")
    with ZipFile(harmed, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(ZipInfo(name), content)
    with pytest.raises(Misconfigured, match=told):
        await restore_backup(settings(target), harmed)
    await nothing_is_there(target, clock)


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all" * 100, bytes(4096)])
def test_a_file_of_another_kind_is_told_apart(content: bytes, kept: Path, tmp_path: Path) -> None:
    kept.write_bytes(content)
    with pytest.raises(Misconfigured, match="restore-broken"):
        asyncio.run(restore_backup(settings(f"sqlite:///{tmp_path}/new/shop.db"), kept))


def test_a_backup_cut_off_anywhere_is_broken(sqlite_url: str, kept: Path, tmp_path: Path) -> None:
    asyncio.run(make_backup(settings(sqlite_url), kept, with_key=False))
    whole = kept.read_bytes()
    for share in (1, 2, 3, 9):
        kept.write_bytes(whole[: len(whole) * share // 10])
        with pytest.raises(Misconfigured, match="restore-broken"):
            asyncio.run(restore_backup(settings(f"sqlite:///{tmp_path}/new/shop.db"), kept))


async def test_a_file_that_claims_more_than_the_disk_holds(
    sqlite_url: str, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_backup(settings(sqlite_url), kept, with_key=False)
    monkeypatch.setattr("app.restore.shutil.disk_usage", lambda _folder: type("Usage", (), {"free": -1}))
    with pytest.raises(Misconfigured, match="restore-no-room"):
        await restore_backup(settings(f"sqlite:///{tmp_path}/new/shop.db"), kept)
