"""The steps; alembic finds them by their files."""
