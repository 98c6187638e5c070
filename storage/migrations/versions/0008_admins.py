"""Admins by invitation, people's public handles, and indexes over spans of time and what is still open."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_admins()
    _create_invites()
    _add_handles()
    op.create_index("ix_orders_created", "orders", ["shop_id", "created_at"])
    _create_partial_index("ix_deliveries_ended", "deliveries", ["shop_id", "ended_at"], "ended_at IS NOT NULL")
    _create_partial_index(
        "ix_decisions_troubled",
        "decisions",
        ["shop_id", "transfer_id"],
        "meaning IN ('short', 'over', 'second', 'late', 'unmatched', 'ambiguous', 'wrong_currency')",
    )
    _create_partial_index("ix_deliveries_failed", "deliveries", ["shop_id", "order_id"], "state = 'failed'")
    _create_partial_index("ix_notices_failed", "notices", ["shop_id"], "state = 'failed'")
    _create_partial_index("ix_outbox_dead", "outbox", ["shop_id"], "state = 'dead'")
    _create_partial_index("ix_inbox_dead", "inbox", ["shop_id"], "state = 'dead'")


def _add_handles() -> None:
    with op.batch_alter_table("peers", table_kwargs={"sqlite_autoincrement": True}) as peers:
        peers.add_column(sa.Column("handle", sa.Text, nullable=False, server_default=""))
    with op.batch_alter_table("peers", table_kwargs={"sqlite_autoincrement": True}) as peers:
        peers.alter_column("handle", server_default=None)


def _create_partial_index(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _create_admins() -> None:
    op.create_table(
        "admins",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("added_at", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admins")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_admins_shop_id")),
        sa.UniqueConstraint("shop_id", "channel", "external_id", name=op.f("uq_admins_shop_id_channel_external_id")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )


def _create_invites() -> None:
    op.create_table(
        "invites",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("created_at", BigInt, nullable=False),
        sa.Column("expires_at", BigInt, nullable=False),
        sa.Column("used_at", BigInt, nullable=True),
        sa.Column("used_by", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invites")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_invites_shop_id")),
        sa.UniqueConstraint("shop_id", "token_hash", name=op.f("uq_invites_shop_id_token_hash")),
        sa.CheckConstraint("(used_at IS NULL) = (used_by IS NULL)", name=op.f("ck_invites_used")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
