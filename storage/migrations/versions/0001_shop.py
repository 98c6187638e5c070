"""Shops, where their money arrives, and what they sell."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_shops()
    _create_bank_accounts()
    _create_channel_accounts()
    _create_products()
    _create_plans()
    _create_prices()


def _create_shops() -> None:
    op.create_table(
        "shops",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("code_prefix", sa.Text, nullable=False),
        sa.Column("code_key", sa.LargeBinary, nullable=False),
        sa.Column("vault_check", sa.LargeBinary, nullable=False),
        sa.Column("email_optional", sa.Integer, nullable=False),
        sa.Column("payment_seconds", BigInt, nullable=False),
        sa.Column("monitoring_seconds", BigInt, nullable=False),
        sa.Column("order_seq", BigInt, nullable=False),
        sa.Column("attempt_seq", BigInt, nullable=False),
        sa.Column("created_at", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shops")),
        sa.UniqueConstraint("slug", name=op.f("uq_shops_slug")),
        sa.CheckConstraint("payment_seconds > 0 AND monitoring_seconds >= 0", name=op.f("ck_shops_times")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )


def _create_bank_accounts() -> None:
    op.create_table(
        "bank_accounts",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("bin", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("shown", sa.Integer, nullable=False),
        sa.Column("created_at", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_accounts")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_bank_accounts_shop_id")),
        sa.UniqueConstraint("shop_id", "bin", "account", name=op.f("uq_bank_accounts_shop_id_bin_account")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )


def _create_channel_accounts() -> None:
    op.create_table(
        "channel_accounts",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_accounts")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_channel_accounts_shop_id")),
        sa.UniqueConstraint(
            "shop_id", "channel", "external_id", name=op.f("uq_channel_accounts_shop_id_channel_external_id")
        ),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )


def _create_products() -> None:
    op.create_table(
        "products",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("activation", sa.Text, nullable=False),
        sa.Column("download_url", sa.Text, nullable=False),
        sa.Column("links", sa.Text, nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("active", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_products_shop_id")),
        sa.UniqueConstraint("shop_id", "slug", name=op.f("uq_products_shop_id_slug")),
        sa.CheckConstraint("kind IN ('licence', 'course')", name=op.f("ck_products_kind")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )


def _create_plans() -> None:
    op.create_table(
        "plans",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("product_id", BigInt, nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("days", BigInt, nullable=True),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("active", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_plans_shop_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_plans_product_id")),
        sa.UniqueConstraint("shop_id", "slug", name=op.f("uq_plans_shop_id_slug")),
        sa.CheckConstraint("days > 0", name=op.f("ck_plans_days")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_plans_product", "plans", ["product_id"])


def _create_prices() -> None:
    op.create_table(
        "prices",
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        sa.Column("plan_id", BigInt, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("amount", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prices")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_prices_shop_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_prices_plan_id")),
        sa.UniqueConstraint("plan_id", "currency", name=op.f("uq_prices_plan_id_currency")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_prices_amount")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
