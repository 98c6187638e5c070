"""Every đồng explained: what needs a person, credit that is spent, refunds that are followed to their end."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0014"
down_revision = "0013"

AUTO = {"sqlite_autoincrement": True}
BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MEANINGS = (
    "meaning IN ('exact', 'short', 'over', 'late', 'second', 'unmatched', 'ambiguous', 'wrong_currency',"
    " 'foreign_account', 'held', 'reversed', 'out', 'discarded', 'credited', 'returned')"
)
CAUSE = (
    "(CASE WHEN decision_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN refund_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN spend_id IS NULL THEN 0 ELSE 1 END) = 1"
)
STATES = "state IN ('asked', 'dropped', 'approved', 'sent', 'settled', 'failed', 'returned')"
MEANS = "means IN ('vietqr', 'payout', 'vnpay', 'stars', 'by_hand')"
"""How a refund goes; until now its currency alone said so."""


def upgrade() -> None:
    _limit_shops()
    _follow_refunds()
    _create("spends", ("buyer_id", "buyers", False), ("order_id", "orders", False), more=_spends())
    _create(
        "claims",
        ("buyer_id", "buyers", False),
        ("peer_id", "peers", False),
        ("order_id", "orders", True),
        ("transfer_id", "transfers", True),
        more=_claims(),
    )
    _create(
        "reviews",
        ("transfer_id", "transfers", True),
        ("refund_id", "refunds", True),
        ("claim_id", "claims", True),
        ("order_id", "orders", True),
        more=_reviews(),
    )
    _create("layouts", more=_layouts())
    _cause_postings()
    _index()
    _review_what_waits()


def _limit_shops() -> None:
    with op.batch_alter_table("shops", table_kwargs=AUTO) as shops:
        for name, default in (("tolerance", "0"), ("most_open", "3"), ("most_an_hour", "500")):
            shops.add_column(sa.Column(name, BigInt, nullable=False, server_default=default))
    with op.batch_alter_table("shops", table_kwargs=AUTO) as shops:
        for name in ("tolerance", "most_open", "most_an_hour"):
            shops.alter_column(name, server_default=None)
        shops.create_check_constraint(op.f("ck_shops_limits"), "tolerance >= 0 AND most_open > 0 AND most_an_hour > 0")


def _follow_refunds() -> None:
    """Owed is called approved from now on; what was sent by an admin's word may still be settled by the bank's."""
    op.drop_index("ix_refunds_owed", "refunds")
    with op.batch_alter_table("refunds", table_kwargs=AUTO) as refunds:
        for name in ("state", "owed_at", "sent_at", "confirmed_at"):
            refunds.drop_constraint(op.f(f"ck_refunds_{name}"), type_="check")
        refunds.add_column(sa.Column("code", sa.Text))
        for name in ("means", "request_key", "request_ref", "error"):
            refunds.add_column(sa.Column(name, sa.Text, nullable=False, server_default=""))
        for name in ("look_at", "settled_at", "settled_by"):
            refunds.add_column(sa.Column(name, BigInt))
    op.execute("UPDATE refunds SET state = 'approved' WHERE state = 'owed'")
    op.execute(
        "UPDATE refunds SET means = CASE currency WHEN 'VND' THEN 'vietqr' WHEN 'XTR' THEN 'stars' ELSE 'by_hand' END"
    )
    # Telegram's own answer was the end of it.
    op.execute("UPDATE refunds SET state = 'settled', settled_at = sent_at WHERE state = 'sent' AND means = 'stars'")
    with op.batch_alter_table("refunds", table_kwargs=AUTO) as refunds:
        for name in ("means", "request_key", "request_ref", "error"):
            refunds.alter_column(name, server_default=None)
        refunds.create_foreign_key(op.f("fk_refunds_settled_by"), "transfers", ["settled_by"], ["id"])
        refunds.create_unique_constraint(op.f("uq_refunds_shop_id_code"), ["shop_id", "code"])
        for name, rule in _rules_of_refunds():
            refunds.create_check_constraint(op.f(f"ck_refunds_{name}"), rule)


def _rules_of_refunds() -> tuple[tuple[str, str], ...]:
    return (
        ("state", STATES),
        ("means", MEANS),
        ("owed_at", "(state NOT IN ('asked', 'dropped')) = (owed_at IS NOT NULL)"),
        ("sent_at", "(state NOT IN ('asked', 'dropped', 'approved')) = (sent_at IS NOT NULL)"),
        ("confirmed_at", "state NOT IN ('sent', 'settled') OR confirmed_at IS NOT NULL"),
        ("settled_at", "(state = 'settled') = (settled_at IS NOT NULL)"),
        ("about", "order_id IS NOT NULL OR transfer_id IS NOT NULL"),
    )


def _cause_postings() -> None:
    with op.batch_alter_table("decisions", table_kwargs=AUTO) as decisions:
        decisions.add_column(sa.Column("reason", sa.Text, nullable=False, server_default=""))
        decisions.drop_constraint(op.f("ck_decisions_meaning"), type_="check")
        decisions.create_check_constraint(op.f("ck_decisions_meaning"), MEANINGS)
    with op.batch_alter_table("decisions", table_kwargs=AUTO) as decisions:
        decisions.alter_column("reason", server_default=None)
    with op.batch_alter_table("postings", table_kwargs=AUTO) as postings:
        postings.add_column(sa.Column("spend_id", BigInt))
        postings.add_column(sa.Column("booked_at", BigInt))
        postings.create_foreign_key(op.f("fk_postings_spend_id"), "spends", ["spend_id"], ["id"])
        postings.drop_constraint(op.f("ck_postings_cause"), type_="check")
        postings.create_check_constraint(op.f("ck_postings_cause"), CAUSE)


def _spends() -> list[SchemaItem]:
    return [
        _text("currency"),
        _number("amount"),
        _number("created_at"),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_spends_amount")),
    ]


def _claims() -> list[SchemaItem]:
    return [
        _text("currency"),
        _number("amount"),
        _number("moved_at"),
        _text("tail"),
        _text("state"),
        _number("created_at"),
        sa.CheckConstraint("amount > 0", name=op.f("ck_claims_amount")),
        sa.CheckConstraint("state IN ('open', 'accepted', 'refused')", name=op.f("ck_claims_state")),
    ]


def _reviews() -> list[SchemaItem]:
    return [
        _text("kind"),
        _number("opened_at"),
        sa.Column("closed_at", BigInt),
        _text("closed_by"),
        _text("outcome"),
        _text("reason"),
        sa.CheckConstraint("kind IN ('money', 'refund', 'claim')", name=op.f("ck_reviews_kind")),
        sa.CheckConstraint("(kind = 'money') = (transfer_id IS NOT NULL)", name=op.f("ck_reviews_transfer")),
        sa.CheckConstraint("(kind = 'refund') = (refund_id IS NOT NULL)", name=op.f("ck_reviews_refund")),
        sa.CheckConstraint("(kind = 'claim') = (claim_id IS NOT NULL)", name=op.f("ck_reviews_claim")),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome = '')", name=op.f("ck_reviews_outcome")),
    ]


def _layouts() -> list[SchemaItem]:
    return [
        _text("bank"),
        _text("header"),
        _text("columns"),
        _number("used_at"),
        sa.UniqueConstraint("shop_id", "bank", "header", name=op.f("uq_layouts_shop_id_bank_header")),
    ]


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, BigInt, nullable=False)


def _create(name: str, *links: tuple[str, str, bool], more: list[SchemaItem]) -> None:
    """A table of one shop's rows; a link is a column, the table it points to, and whether it may be empty."""
    op.create_table(
        name,
        sa.Column("id", BigInt, sa.Identity(), nullable=False),
        sa.Column("shop_id", BigInt, nullable=False),
        *(sa.Column(column, BigInt, nullable=empty) for column, _, empty in links),
        *more,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f(f"fk_{name}_shop_id")),
        *(sa.ForeignKeyConstraint([c], [f"{t}.id"], name=op.f(f"fk_{name}_{c}")) for c, t, _ in links),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )


def _index() -> None:
    # What waits for a person is a review from now on.
    op.drop_index("ix_decisions_troubled", "decisions")
    op.create_index("ix_spends_order", "spends", ["order_id"])
    _partly("ix_refunds_owed", "refunds", ["shop_id", "id"], "state IN ('approved', 'failed', 'returned')")
    _partly("ix_refunds_look", "refunds", ["shop_id", "look_at"], "look_at IS NOT NULL")
    _partly("ix_postings_spend", "postings", ["spend_id"], "spend_id IS NOT NULL")
    _partly("ix_claims_open", "claims", ["shop_id", "buyer_id"], "state = 'open'")
    _partly("ix_reviews_open", "reviews", ["shop_id", "id"], "closed_at IS NULL")
    for about in ("transfer", "refund", "claim"):
        _partly(f"ix_reviews_{about}", "reviews", [f"{about}_id"], "closed_at IS NULL", unique=True)


def _partly(name: str, table: str, columns: list[str], condition: str, *, unique: bool = False) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _review_what_waits() -> None:
    """Money of which a rule could not say what becomes of it waits for a person from its own day on."""
    op.execute(
        "INSERT INTO reviews (shop_id, kind, transfer_id, order_id, opened_at, closed_by, outcome, reason)"
        " SELECT shop_id, 'money', transfer_id, order_id, decided_at, '', '', '' FROM decisions"
        " WHERE meaning IN ('unmatched', 'ambiguous', 'wrong_currency', 'late', 'held')"
        " AND id IN (SELECT max(id) FROM decisions GROUP BY transfer_id) ORDER BY id"
    )
