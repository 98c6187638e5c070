"""Which sources have told of a transfer, so that the same money seen by another one is found."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("transfers", sa.Column("told_by", sa.Text, nullable=False, server_default=""))
    # Until now each transfer was told of by one source.
    op.execute("UPDATE transfers SET told_by = (SELECT source FROM sightings WHERE transfer_id = transfers.id)")
    with op.batch_alter_table("transfers", table_kwargs={"sqlite_autoincrement": True}) as transfers:
        transfers.alter_column("told_by", server_default=None)
    columns = ["shop_id", "bank_account_id", "amount", "told_by", "seen_at"]
    op.create_index("ix_transfers_pairing", "transfers", columns)
