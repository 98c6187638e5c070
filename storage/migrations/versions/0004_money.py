"""Notices, transfers, decisions, postings and refunds."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_notices()
    _create_transfers()
    _create_sightings()
    _create_decisions()
    _create_postings()
    _create_refunds()


def _create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("gateway", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("error", sa.Text, nullable=True),
        sa.Column("received_at", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_notices_shop_id")),
        sa.UniqueConstraint("shop_id", "gateway", "digest", name=op.f("uq_notices_shop_id_gateway_digest")),
        sa.CheckConstraint("state IN ('settled', 'failed')", name=op.f("ck_notices_state")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )


def _create_transfers() -> None:
    op.create_table(
        "transfers",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("bank_account_id", BigInt, nullable=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("amount", BigInt, nullable=False),
        sa.Column("memo", sa.Text, nullable=False),
        sa.Column("payer_name", sa.Text, nullable=False),
        sa.Column("payer_account", sa.Text, nullable=False),
        sa.Column("payer_bank", sa.Text, nullable=False),
        sa.Column("booked_at", BigInt, nullable=True),
        sa.Column("seen_at", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_transfers_shop_id")),
        sa.ForeignKeyConstraint(["bank_account_id"], ["bank_accounts.id"], name=op.f("fk_transfers_bank_account_id")),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_transfers_amount")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )


def _create_sightings() -> None:
    op.create_table(
        "sightings",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("notice_id", BigInt, nullable=True),
        sa.Column("transfer_id", BigInt, nullable=False),
        sa.Column("virtual_account", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("seen_at", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sightings")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_sightings_shop_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_sightings_notice_id")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfers.id"], name=op.f("fk_sightings_transfer_id")),
        sa.UniqueConstraint("shop_id", "source", "ref", name=op.f("uq_sightings_shop_id_source_ref")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sightings_transfer", "sightings", ["transfer_id"])


def _create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("transfer_id", BigInt, nullable=False),
        sa.Column("meaning", sa.Text, nullable=False),
        sa.Column("order_id", BigInt, nullable=True),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_decisions_shop_id")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfers.id"], name=op.f("fk_decisions_transfer_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_decisions_order_id")),
        sa.CheckConstraint(
            "meaning IN ('exact', 'short', 'over', 'late', 'second', 'unmatched', 'ambiguous',"
            " 'wrong_currency', 'foreign_account', 'held', 'reversed', 'out', 'discarded')",
            name=op.f("ck_decisions_meaning"),
        ),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decisions_order", "decisions", ["order_id"])
    op.create_index("ix_decisions_transfer", "decisions", ["transfer_id"])


def _create_postings() -> None:
    op.create_table(
        "postings",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("decision_id", BigInt, nullable=False),
        sa.Column("order_id", BigInt, nullable=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("amount", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postings")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_postings_shop_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_postings_decision_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_postings_order_id")),
        sa.CheckConstraint(
            "account IN ('received', 'revenue', 'deposit', 'credit', 'refund_owed', 'refund_paid',"
            " 'unplaced', 'discarded')",
            name=op.f("ck_postings_account"),
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_postings_amount")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_postings_decision", "postings", ["decision_id"])
    op.create_index("ix_postings_order", "postings", ["order_id"])


def _create_refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("order_id", BigInt, nullable=True),
        sa.Column("transfer_id", BigInt, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("amount", BigInt, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created_at", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_refunds_shop_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_refunds_order_id")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfers.id"], name=op.f("fk_refunds_transfer_id")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refunds_amount")),
        sa.CheckConstraint(
            "state IN ('asked', 'approved', 'sent', 'settled', 'failed', 'returned')", name=op.f("ck_refunds_state")
        ),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
