"""The outbox, the inbox and the event log."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_outbox()
    _create_inbox()
    _create_events()


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("dedupe", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("order_id", BigInt, nullable=True),
        sa.Column("created_at", BigInt, nullable=False),
        sa.Column("lane", sa.Text, nullable=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("run_at", BigInt, nullable=False),
        sa.Column("attempts", BigInt, nullable=False),
        sa.Column("lease_until", BigInt, nullable=True),
        sa.Column("owner", sa.Text, nullable=True),
        sa.Column("last_error", sa.Text, nullable=True),
        sa.Column("done_at", BigInt, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_outbox_shop_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_outbox_order_id")),
        sa.UniqueConstraint("shop_id", "dedupe", name=op.f("uq_outbox_shop_id_dedupe")),
        sa.CheckConstraint("state IN ('ready', 'running', 'done', 'dead')", name=op.f("ck_outbox_state")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_done", "outbox", ["done_at"])
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["run_at", "id"],
        sqlite_where=sa.text("state IN ('ready', 'running')"),
        postgresql_where=sa.text("state IN ('ready', 'running')"),
    )
    op.create_index(
        "ix_outbox_lane",
        "outbox",
        ["lane", "id"],
        sqlite_where=sa.text("state IN ('ready', 'running')"),
        postgresql_where=sa.text("state IN ('ready', 'running')"),
    )
    op.create_index("ix_outbox_order", "outbox", ["order_id"])


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("received_at", BigInt, nullable=False),
        sa.Column("lane", sa.Text, nullable=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("run_at", BigInt, nullable=False),
        sa.Column("attempts", BigInt, nullable=False),
        sa.Column("lease_until", BigInt, nullable=True),
        sa.Column("owner", sa.Text, nullable=True),
        sa.Column("last_error", sa.Text, nullable=True),
        sa.Column("done_at", BigInt, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_inbox_shop_id")),
        sa.UniqueConstraint("shop_id", "channel", "event", name=op.f("uq_inbox_shop_id_channel_event")),
        sa.CheckConstraint("state IN ('ready', 'running', 'done', 'dead')", name=op.f("ck_inbox_state")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inbox_done", "inbox", ["done_at"])
    op.create_index(
        "ix_inbox_due",
        "inbox",
        ["run_at", "id"],
        sqlite_where=sa.text("state IN ('ready', 'running')"),
        postgresql_where=sa.text("state IN ('ready', 'running')"),
    )
    op.create_index(
        "ix_inbox_lane",
        "inbox",
        ["lane", "id"],
        sqlite_where=sa.text("state IN ('ready', 'running')"),
        postgresql_where=sa.text("state IN ('ready', 'running')"),
    )


def _create_events() -> None:
    op.create_table(
        "events",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("order_id", BigInt, nullable=True),
        sa.Column("at", BigInt, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_events_shop_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_events_order_id")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_order", "events", ["order_id"])
