"""Grants and deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_grants()
    _create_deliveries()


def _create_grants() -> None:
    op.create_table(
        "grants",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("order_id", BigInt, nullable=False),
        sa.Column("line_id", BigInt, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("key_sealed", sa.LargeBinary, nullable=True),
        sa.Column("key_hash", sa.LargeBinary, nullable=True),
        sa.Column("links", sa.Text, nullable=False),
        sa.Column("activation", sa.Text, nullable=False),
        sa.Column("download_url", sa.Text, nullable=False),
        sa.Column("granted_at", BigInt, nullable=False),
        sa.Column("expires_at", BigInt, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_grants_shop_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_grants_order_id")),
        sa.ForeignKeyConstraint(["line_id"], ["order_lines.id"], name=op.f("fk_grants_line_id")),
        sa.UniqueConstraint("line_id", name=op.f("uq_grants_line_id")),
        sa.UniqueConstraint("shop_id", "key_hash", name=op.f("uq_grants_shop_id_key_hash")),
        sa.CheckConstraint("(key_sealed IS NULL) = (key_hash IS NULL)", name=op.f("ck_grants_key")),
        sa.CheckConstraint(
            "state IN ('pending', 'processing', 'granted', 'failed', 'revoked')", name=op.f("ck_grants_state")
        ),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_grants_order", "grants", ["order_id"])


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("order_id", BigInt, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=True),
        sa.Column("error", sa.Text, nullable=True),
        sa.Column("created_at", BigInt, nullable=False),
        sa.Column("ended_at", BigInt, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_deliveries_shop_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_deliveries_order_id")),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'failed')", name=op.f("ck_deliveries_state")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_order", "deliveries", ["order_id"])
