"""Money truth: what sources said, what really moved, what it means, and where each đồng is."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Text, UniqueConstraint

from storage.columns import BigInt, UtcTime, identity, table

notices = table(
    "notices",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("gateway", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("error", Text),
    Column("received_at", UtcTime, nullable=False),
    UniqueConstraint("shop_id", "gateway", "digest"),
    CheckConstraint("state IN ('settled', 'failed')", name="state"),
)

transfers = table(
    "transfers",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("bank_account_id", BigInt, ForeignKey("bank_accounts.id")),
    Column("account", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount", BigInt, nullable=False),
    Column("memo", Text, nullable=False),
    Column("payer_name", Text, nullable=False),
    Column("payer_account", Text, nullable=False),
    Column("payer_bank", Text, nullable=False),
    Column("booked_at", UtcTime),
    Column("seen_at", UtcTime, nullable=False),
    CheckConstraint("amount <> 0", name="amount"),
)

sightings = table(
    "sightings",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("source", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("notice_id", BigInt, ForeignKey("notices.id")),
    Column("transfer_id", BigInt, ForeignKey("transfers.id"), nullable=False),
    Column("virtual_account", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    UniqueConstraint("shop_id", "source", "ref"),
)

decisions = table(
    "decisions",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("transfer_id", BigInt, ForeignKey("transfers.id"), nullable=False),
    Column("meaning", Text, nullable=False),
    Column("order_id", BigInt, ForeignKey("orders.id")),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", UtcTime, nullable=False),
    CheckConstraint(
        "meaning IN ('exact', 'short', 'over', 'late', 'second', 'unmatched', 'ambiguous', 'wrong_currency',"
        " 'foreign_account', 'held', 'reversed', 'out', 'discarded')",
        name="meaning",
    ),
)

postings = table(
    "postings",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("decision_id", BigInt, ForeignKey("decisions.id"), nullable=False),
    Column("order_id", BigInt, ForeignKey("orders.id")),
    Column("account", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount", BigInt, nullable=False),
    CheckConstraint(
        "account IN ('received', 'revenue', 'deposit', 'credit', 'refund_owed', 'refund_paid', 'unplaced',"
        " 'discarded')",
        name="account",
    ),
    CheckConstraint("amount <> 0", name="amount"),
)

refunds = table(
    "refunds",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("order_id", BigInt, ForeignKey("orders.id")),
    Column("transfer_id", BigInt, ForeignKey("transfers.id"), nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount", BigInt, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("state IN ('asked', 'approved', 'sent', 'settled', 'failed', 'returned')", name="state"),
)

Index("ix_sightings_transfer", sightings.c.transfer_id)
Index("ix_decisions_transfer", decisions.c.transfer_id)
Index("ix_decisions_order", decisions.c.order_id)
Index("ix_postings_order", postings.c.order_id)
Index("ix_postings_decision", postings.c.decision_id)
