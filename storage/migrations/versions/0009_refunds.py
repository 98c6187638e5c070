"""Refunds: where one goes and who said so, and the postings of one beside those of a decision."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TEXTS = ("memo", "bin", "account", "holder")
TIMES = ("owed_at", "confirmed_at", "sent_at")
PEOPLE = ("asked_by", "confirmed_by", "sent_by")
CHECKS = {
    "state": "state IN ('asked', 'dropped', 'owed', 'sent')",
    "owed_at": "(state IN ('owed', 'sent')) = (owed_at IS NOT NULL)",
    "sent_at": "(state = 'sent') = (sent_at IS NOT NULL)",
    "confirmed_at": "sent_at IS NULL OR confirmed_at IS NOT NULL",
    "account": "confirmed_at IS NULL OR account <> ''",
}
ANEW = {"sqlite_autoincrement": True}


def upgrade() -> None:
    _widen_refunds()
    _let_refunds_post()


def _widen_refunds() -> None:
    with op.batch_alter_table("refunds", table_kwargs=ANEW) as refunds:
        refunds.alter_column("transfer_id", existing_type=BigInt, nullable=True)
        refunds.add_column(sa.Column("held", BigInt, nullable=False, server_default="0"))
        for name in TEXTS:
            refunds.add_column(sa.Column(name, sa.Text, nullable=False, server_default=""))
        for name in (*TIMES, *PEOPLE):
            refunds.add_column(sa.Column(name, BigInt, nullable=True))
        for name in PEOPLE:
            refunds.create_foreign_key(op.f(f"fk_refunds_{name}"), "peers", [name], ["id"])
        refunds.drop_constraint(op.f("ck_refunds_state"), type_="check")
        for name, condition in CHECKS.items():
            refunds.create_check_constraint(op.f(f"ck_refunds_{name}"), condition)
    with op.batch_alter_table("refunds", table_kwargs=ANEW) as refunds:
        for name in ("held", *TEXTS):
            refunds.alter_column(name, server_default=None)
    op.create_index("ix_refunds_order", "refunds", ["order_id"])
    owed = sa.text("state = 'owed'")
    op.create_index("ix_refunds_owed", "refunds", ["shop_id", "id"], sqlite_where=owed, postgresql_where=owed)


def _let_refunds_post() -> None:
    with op.batch_alter_table("postings", table_kwargs=ANEW) as postings:
        postings.alter_column("decision_id", existing_type=BigInt, nullable=True)
        postings.add_column(sa.Column("refund_id", BigInt, nullable=True))
        postings.create_foreign_key(op.f("fk_postings_refund_id"), "refunds", ["refund_id"], ["id"])
        postings.create_check_constraint(op.f("ck_postings_cause"), "(decision_id IS NULL) <> (refund_id IS NULL)")
    op.create_index("ix_postings_refund", "postings", ["refund_id"])
