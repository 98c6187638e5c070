"""The file a backup lies in: a ZIP with a manifest and one file of JSON lines for each table.

Each line is one row, an array in the order of the manifest's columns; bytes are written as {"b64": "…"}. The file is
never unpacked to disk: the names in it are compared with those the manifest promises, and no more is read of a part
than was promised and hashed.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import IO, Annotated, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from sales.errors import Misconfigured
from storage.backup import Copy, Row, TableCopy, Value

FORMAT = 1
MANIFEST = "manifest.json"
KEY = "vault.key"
LONGEST_LINE = 8 * 1024 * 1024
"""Bytes of one row; the largest body the shop takes from outside has a quarter of a megabyte."""
LONGEST_MANIFEST = 1024 * 1024
LONGEST_KEY = 1024

Count = Annotated[int, Field(ge=0, lt=2**63)]


class Part(BaseModel):
    """One table: what its file must hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str
    columns: tuple[str, ...] = Field(strict=False)
    rows: Count
    bytes: Count
    sha256: str
    last_id: Count

    @property
    def file(self) -> str:
        """Its name within the archive."""
        return f"tables/{self.name}.jsonl"


class Manifest(BaseModel):
    """What a backup says of itself; `sandbox`: whether its sales were played."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    program: str
    made_at: AwareDatetime
    revision: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    shops: tuple[str, ...]
    sandbox: bool
    tables: tuple[Part, ...]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(part.rows for part in self.tables)

    @property
    def bytes(self) -> int:
        """Bytes of all tables, unpacked."""
        return sum(part.bytes for part in self.tables)


def write_archive(file: IO[bytes], copy: Copy, describe: Callable[[tuple[Part, ...]], Manifest], key: str) -> Manifest:
    """Write one row after the other; the vault key too unless it is ""."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        manifest = describe(tuple(_write_table(archive, table) for table in copy.tables))
        archive.writestr(MANIFEST, manifest.model_dump_json(indent=2))
        if key:
            archive.writestr(KEY, key)
    return manifest


def _write_table(archive: ZipFile, table: TableCopy) -> Part:
    part = Part(name=table.name, columns=table.columns, rows=0, bytes=0, sha256="", last_id=table.last_id)
    digest, rows, size = sha256(), 0, 0
    with archive.open(part.file, "w", force_zip64=True) as file:
        for row in table.rows:
            line = _line(row)
            file.write(line)
            digest.update(line)
            rows, size = rows + 1, size + len(line)
    return part.model_copy(update={"rows": rows, "bytes": size, "sha256": digest.hexdigest()})


def _line(row: Row) -> bytes:
    values = [{"b64": base64.b64encode(each).decode()} if isinstance(each, bytes) else each for each in row]
    return json.dumps(values, separators=(",", ":")).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Archive:
    """A backup that is open for reading; `key` is the vault key inside, "" without one."""

    manifest: Manifest
    key: str = field(repr=False)
    _zip: ZipFile

    def copy(self) -> Copy:
        """Everything that is inside, checked as it is walked through; raises Misconfigured."""
        tables = (TableCopy(part.name, part.columns, part.last_id, self._rows(part)) for part in self.manifest.tables)
        return Copy(self.manifest.revision, self.manifest.shops, tables)

    def _rows(self, part: Part) -> Iterator[Row]:
        digest, rows, size = sha256(), 0, 0
        with _reading(part.file), self._zip.open(part.file) as file:
            while line := file.readline(LONGEST_LINE):
                digest.update(line)
                rows, size = rows + 1, size + len(line)
                if rows > part.rows or size > part.bytes:
                    raise ValueError("more than was promised")
                yield tuple(_value(each) for each in json.loads(line))
            if (rows, size, digest.hexdigest()) != (part.rows, part.bytes, part.sha256):
                raise ValueError("not what was promised")


@contextmanager
def open_archive(file: IO[bytes]) -> Iterator[Archive]:
    """Open a backup; raises Misconfigured when it is none, is damaged, or a newer program wrote it."""
    with _reading(MANIFEST):
        archive = ZipFile(file)
        names = [info.filename for info in archive.infolist()]
        told = json.loads(_small(archive, MANIFEST, LONGEST_MANIFEST))
        if told["format"] != FORMAT:
            raise Misconfigured("restore-newer")
        manifest = Manifest.model_validate(told)
        promised = [part.file for part in manifest.tables] + [MANIFEST]
        if sorted(names) != sorted(promised + [KEY] * (KEY in names)):
            raise ValueError("other files than were promised")
        key = _small(archive, KEY, LONGEST_KEY).decode("ascii") if KEY in names else ""
    with archive:
        yield Archive(manifest, key, archive)


def _small(archive: ZipFile, name: str, longest: int) -> bytes:
    with archive.open(name) as file:
        content = file.read(longest + 1)
    if len(content) > longest:
        raise ValueError("too long")
    return content


def _value(told: Any) -> Value:
    match told:
        case {"b64": str(text)} if len(told) == 1:
            return base64.b64decode(text, validate=True)
        case None | str() | int():
            return told
    raise ValueError("no value of a row")


_DAMAGES = (
    BadZipFile,
    zlib.error,
    binascii.Error,
    EOFError,
    KeyError,
    NotImplementedError,  # a packing that Python does not know
    RecursionError,
    RuntimeError,  # a password
    TypeError,
    ValidationError,
    ValueError,
)


@contextmanager
def _reading(part: str) -> Iterator[None]:
    """Say of whatever is wrong with the file only where it is wrong."""
    try:
        yield
    except _DAMAGES as error:
        raise Misconfigured("restore-broken", part=part) from error
