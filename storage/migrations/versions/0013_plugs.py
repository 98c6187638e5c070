"""Many gateways: prices per currency, ways per plan, sealed secrets, and when each payment is asked for next."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

AUTO = {"sqlite_autoincrement": True}
BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = "state IN ('asked', 'open', 'paid', 'expired', 'cancelled', 'replaced', 'failed')"
TROUBLED = (
    "meaning IN ('short', 'over', 'second', 'late', 'unmatched', 'ambiguous', 'wrong_currency', 'held', 'reversed')"
)


def upgrade() -> None:
    _add_texts("shops", terms="")
    _add_texts("bank_accounts", word="", virtual="")
    _add_texts("plans", sell_on="[]", pay_with="{}")
    _order_accounts()
    _keep_prices()
    _look_again()
    op.drop_index("ix_decisions_troubled", "decisions")
    _create_partial_index("ix_decisions_troubled", "decisions", ["shop_id", "transfer_id"], TROUBLED)
    _create_table("gateway_secrets", "field", ("sealed", sa.LargeBinary), ("updated_at", BigInt))
    _create_table("gateway_switches", "", ("off", sa.Integer), ("updated_at", BigInt))
    counts = ("due_at", BigInt), ("failures", BigInt), ("asked_at", None), ("answered_at", None), ("error", sa.Text)
    _create_table("looks", "", *counts)


def _add_texts(table: str, **defaults: str) -> None:
    with op.batch_alter_table(table, table_kwargs=AUTO) as changed:
        for name, default in defaults.items():
            changed.add_column(sa.Column(name, sa.Text, nullable=False, server_default=default))
    _drop_defaults(table, *defaults)


def _drop_defaults(table: str, *names: str) -> None:
    with op.batch_alter_table(table, table_kwargs=AUTO) as changed:
        for name in names:
            changed.alter_column(name, server_default=None)


def _order_accounts() -> None:
    """Until now a shop showed one account."""
    with op.batch_alter_table("bank_accounts", table_kwargs=AUTO) as accounts:
        accounts.add_column(sa.Column("position", BigInt, nullable=False, server_default="0"))
    _drop_defaults("bank_accounts", "position")


def _keep_prices() -> None:
    """Until now an order had one price, and its lines the same currency."""
    op.add_column("orders", sa.Column("prices", sa.Text, nullable=False, server_default="{}"))
    op.add_column("order_lines", sa.Column("currency", sa.Text, nullable=False, server_default="VND"))
    op.execute("""UPDATE orders SET prices = '{"' || currency || '":' || total || '}'""")
    op.execute("UPDATE order_lines SET currency = (SELECT currency FROM orders WHERE orders.id = order_lines.order_id)")
    _drop_defaults("orders", "prices")
    _drop_defaults("order_lines", "currency")


def _look_again() -> None:
    with op.batch_alter_table("attempts", table_kwargs=AUTO) as attempts:
        attempts.add_column(sa.Column("look_at", BigInt))
        attempts.add_column(sa.Column("looked_at", BigInt))
        attempts.drop_constraint(op.f("ck_attempts_state"), type_="check")
        attempts.create_check_constraint(op.f("ck_attempts_state"), STATES)
    # What can still be paid is asked for from now on.
    op.execute("UPDATE attempts SET look_at = created_at WHERE state = 'open'")
    columns = ["shop_id", "gateway", "look_at"]
    _create_partial_index("ix_attempts_look", "attempts", columns, "look_at IS NOT NULL")


def _create_partial_index(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _create_table(name: str, second: str, *columns: tuple[str, object]) -> None:
    """One row a shop and gateway, and with `second` one for each of those; a column of no type is a time or nothing."""
    keys = ["shop_id", "gateway", *([second] if second else [])]
    op.create_table(
        name,
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        *(sa.Column(key, sa.Text, nullable=False) for key in keys[1:]),
        *(sa.Column(column, type_ or BigInt, nullable=type_ is None) for column, type_ in columns),  # type: ignore[arg-type]
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f(f"fk_{name}_shop_id")),
        sa.UniqueConstraint(*keys, name=op.f(f"uq_{name}_{'_'.join(keys)}")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
