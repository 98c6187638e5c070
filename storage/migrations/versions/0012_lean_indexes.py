"""Indexes of what only a few rows have, or have only later, hold those rows alone: every notice writes seven fewer."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

LEAN = (
    ("ix_outbox_done", "outbox", "done_at"),
    ("ix_inbox_done", "inbox", "done_at"),
    ("ix_postings_refund", "postings", "refund_id"),
)


def upgrade() -> None:
    for index, table, column in LEAN:
        some = sa.text(f"{column} IS NOT NULL")
        op.drop_index(index, table)
        op.create_index(index, table, [column], sqlite_where=some, postgresql_where=some)
