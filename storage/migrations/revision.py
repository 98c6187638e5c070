"""Which revision the schema is at; asked at every start and by the health check, so without alembic."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

SCRIPTS = Path(__file__).parent


def newest() -> str:
    """Answer the newest revision: the number that its file begins with."""
    return max(all_known())


def all_known() -> set[str]:
    """Answer every revision there is a step to."""
    return {path.name.partition("_")[0] for path in (SCRIPTS / "versions").glob("[0-9]*.py")}


def current(connection: Connection) -> str | None:
    """Answer the revision the database stands at; None when it was never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    stands: str | None = connection.scalar(text("SELECT max(version_num) FROM alembic_version"))
    return stands


def is_newest(connection: Connection) -> bool:
    """Answer whether the database stands at the newest revision."""
    return current(connection) == newest()
