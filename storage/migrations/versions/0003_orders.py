"""Orders with their lines and payment attempts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_orders()
    _create_order_lines()
    _create_attempts()


def _create_orders() -> None:
    op.create_table(
        "orders",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("buyer_id", BigInt, nullable=False),
        sa.Column("peer_id", BigInt, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("payment", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("total", BigInt, nullable=False),
        sa.Column("created_at", BigInt, nullable=False),
        sa.Column("pay_until", BigInt, nullable=False),
        sa.Column("watch_until", BigInt, nullable=False),
        sa.Column("paid_at", BigInt, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_orders_shop_id")),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyers.id"], name=op.f("fk_orders_buyer_id")),
        sa.ForeignKeyConstraint(["peer_id"], ["peers.id"], name=op.f("fk_orders_peer_id")),
        sa.UniqueConstraint("shop_id", "code", name=op.f("uq_orders_shop_id_code")),
        sa.UniqueConstraint("shop_id", "number", name=op.f("uq_orders_shop_id_number")),
        sa.CheckConstraint("(payment = 'paid') = (paid_at IS NOT NULL)", name=op.f("ck_orders_paid_at")),
        sa.CheckConstraint("payment IN ('open', 'paid', 'expired', 'cancelled')", name=op.f("ck_orders_payment")),
        sa.CheckConstraint("total > 0", name=op.f("ck_orders_total")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_orders_buyer", "orders", ["buyer_id", "id"])
    op.create_index(
        "ix_orders_open",
        "orders",
        ["shop_id", "pay_until"],
        sqlite_where=sa.text("payment = 'open'"),
        postgresql_where=sa.text("payment = 'open'"),
    )


def _create_order_lines() -> None:
    op.create_table(
        "order_lines",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("order_id", BigInt, nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("plan_id", BigInt, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("product_name", sa.Text, nullable=False),
        sa.Column("plan_name", sa.Text, nullable=False),
        sa.Column("days", BigInt, nullable=True),
        sa.Column("price", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_lines")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_order_lines_shop_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_lines_order_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_order_lines_plan_id")),
        sa.UniqueConstraint("order_id", "position", name=op.f("uq_order_lines_order_id_position")),
        sa.CheckConstraint("price > 0", name=op.f("ck_order_lines_price")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )


def _create_attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("order_id", BigInt, nullable=False),
        sa.Column("gateway", sa.Text, nullable=False),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("link_id", sa.Text, nullable=True),
        sa.Column("bank_account_id", BigInt, nullable=True),
        sa.Column("memo", sa.Text, nullable=False),
        sa.Column("qr", sa.Text, nullable=False),
        sa.Column("qr_md5", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("amount", BigInt, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("chat_message", sa.Text, nullable=True),
        sa.Column("created_at", BigInt, nullable=False),
        sa.Column("expires_at", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_attempts_shop_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_attempts_order_id")),
        sa.ForeignKeyConstraint(["bank_account_id"], ["bank_accounts.id"], name=op.f("fk_attempts_bank_account_id")),
        sa.UniqueConstraint("shop_id", "number", name=op.f("uq_attempts_shop_id_number")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_attempts_amount")),
        sa.CheckConstraint(
            "state IN ('open', 'paid', 'expired', 'cancelled', 'replaced')", name=op.f("ck_attempts_state")
        ),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_attempts_md5", "attempts", ["shop_id", "qr_md5"])
    op.create_index("ix_attempts_order", "attempts", ["order_id"])
