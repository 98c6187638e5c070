"""Buyers, their mouths, addresses and talks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_buyers()
    _create_peers()
    _create_emails()
    _create_talks()


def _create_buyers() -> None:
    op.create_table(
        "buyers",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("created_at", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buyers")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_buyers_shop_id")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )


def _create_peers() -> None:
    op.create_table(
        "peers",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("buyer_id", BigInt, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("reachable", sa.Integer, nullable=False),
        sa.Column("created_at", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peers")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_peers_shop_id")),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyers.id"], name=op.f("fk_peers_buyer_id")),
        sa.UniqueConstraint("shop_id", "channel", "external_id", name=op.f("uq_peers_shop_id_channel_external_id")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_peers_buyer", "peers", ["buyer_id"])


def _create_emails() -> None:
    op.create_table(
        "emails",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("buyer_id", BigInt, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("used_at", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emails")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_emails_shop_id")),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyers.id"], name=op.f("fk_emails_buyer_id")),
        sa.UniqueConstraint("buyer_id", "address", name=op.f("uq_emails_buyer_id_address")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )


def _create_talks() -> None:
    op.create_table(
        "talks",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("peer_id", BigInt, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("version", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talks")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_talks_shop_id")),
        sa.ForeignKeyConstraint(["peer_id"], ["peers.id"], name=op.f("fk_talks_peer_id")),
        sa.UniqueConstraint("peer_id", name=op.f("uq_talks_peer_id")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
