"""The disk that a SQLite database lies on."""

import shutil
from pathlib import Path

from app.doctor.finding import Finding, Patient, broken, missing, works

MEGABYTE = 1024 * 1024
LITTLE = 1024
"""Megabytes under which it is worth a look."""
NEARLY_NONE = 100
"""Megabytes under which the database may be unable to write soon."""


async def check(patient: Patient) -> list[Finding]:
    """Say how much is free; PostgreSQL's disk cannot be seen from here."""
    if not patient.settings.on_sqlite:
        return []
    folder = _folder(Path(patient.settings.database.removeprefix("sqlite:///")))
    free = shutil.disk_usage(folder).free // MEGABYTE
    mark = broken if free < NEARLY_NONE else missing if free < LITTLE else works
    return [mark("doctor-disk", folder=str(folder), free=free)]


def _folder(database: Path) -> Path:
    """Where it lies, or will lie: the nearest folder that is there already."""
    return next(folder for folder in database.absolute().parents if folder.exists())
