"""Money truth: what sources said, what really moved, what it means, and where each đồng is."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Text, UniqueConstraint

from storage.columns import BigInt, UtcTime, identity, table

TROUBLED = ("short", "over", "second", "late", "unmatched", "ambiguous", "wrong_currency", "held", "reversed")
"""Meanings of money that may wait for a person."""

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
    # Which sources have told of it, sorted, with blanks between: what another source says may be the same money.
    Column("told_by", Text, nullable=False),
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
    Column("decision_id", BigInt, ForeignKey("decisions.id")),
    Column("refund_id", BigInt, ForeignKey("refunds.id")),
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
    CheckConstraint("(decision_id IS NULL) <> (refund_id IS NULL)", name="cause"),
)

refunds = table(
    "refunds",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("order_id", BigInt, ForeignKey("orders.id")),
    # Whose payer was proposed as the one to get it back; an order may be paid by several.
    Column("transfer_id", BigInt, ForeignKey("transfers.id")),
    Column("currency", Text, nullable=False),
    Column("amount", BigInt, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    # What the admin was shown when they asked: while that is no longer so, nothing is confirmed.
    Column("held", BigInt, nullable=False),
    Column("memo", Text, nullable=False),
    # Where it is to go: only a proposal until somebody has confirmed it.
    Column("bin", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("asked_by", BigInt, ForeignKey("peers.id")),
    Column("owed_at", UtcTime),
    Column("confirmed_at", UtcTime),
    Column("confirmed_by", BigInt, ForeignKey("peers.id")),
    Column("sent_at", UtcTime),
    Column("sent_by", BigInt, ForeignKey("peers.id")),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("state IN ('asked', 'dropped', 'owed', 'sent')", name="state"),
    CheckConstraint("(state IN ('owed', 'sent')) = (owed_at IS NOT NULL)", name="owed_at"),
    CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at"),
    CheckConstraint("sent_at IS NULL OR confirmed_at IS NOT NULL", name="confirmed_at"),
    CheckConstraint("confirmed_at IS NULL OR account <> ''", name="account"),
)

Index(
    "ix_transfers_pairing",
    transfers.c.shop_id,
    transfers.c.bank_account_id,
    transfers.c.amount,
    transfers.c.told_by,
    transfers.c.seen_at,
)
Index("ix_sightings_transfer", sightings.c.transfer_id)
Index("ix_decisions_transfer", decisions.c.transfer_id)
Index("ix_decisions_order", decisions.c.order_id)
_troubled = decisions.c.meaning.in_(TROUBLED)
Index(
    "ix_decisions_troubled",
    decisions.c.shop_id,
    decisions.c.transfer_id,
    sqlite_where=_troubled,
    postgresql_where=_troubled,
)
_failed = notices.c.state == "failed"
Index("ix_notices_failed", notices.c.shop_id, sqlite_where=_failed, postgresql_where=_failed)
Index("ix_postings_order", postings.c.order_id)
Index("ix_postings_decision", postings.c.decision_id)
_refunding = postings.c.refund_id.is_not(None)
Index("ix_postings_refund", postings.c.refund_id, sqlite_where=_refunding, postgresql_where=_refunding)
Index("ix_refunds_order", refunds.c.order_id)
_owed = refunds.c.state == "owed"
Index("ix_refunds_owed", refunds.c.shop_id, refunds.c.id, sqlite_where=_owed, postgresql_where=_owed)
