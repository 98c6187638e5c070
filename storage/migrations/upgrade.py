"""The way to the newest revision, over a connection that is already in a transaction."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from storage.migrations.revision import SCRIPTS
from storage.planner import teach_planner


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run every step that is missing; the caller commits all of them or none."""
    command.upgrade(config(connection), revision)
    if connection.dialect.name == "sqlite":
        teach_planner(connection)


def config(connection: Connection) -> Config:
    """Make alembic's settings, which need no file: env.py takes the connection from here."""
    settings = Config(attributes={"connection": connection})
    settings.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    return settings
