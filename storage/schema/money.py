"""Money truth: what sources said, what really moved, what it means, and where each đồng is."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Text, UniqueConstraint

from storage.columns import BigInt, Json, UtcTime, identity, table

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
    # Why a person decided so, in their own words; a rule gives none.
    Column("reason", Text, nullable=False, default=""),
    CheckConstraint(
        "meaning IN ('exact', 'short', 'over', 'late', 'second', 'unmatched', 'ambiguous', 'wrong_currency',"
        " 'foreign_account', 'held', 'reversed', 'out', 'discarded', 'credited', 'returned')",
        name="meaning",
    ),
)

postings = table(
    "postings",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("decision_id", BigInt, ForeignKey("decisions.id")),
    Column("refund_id", BigInt, ForeignKey("refunds.id")),
    Column("spend_id", BigInt, ForeignKey("spends.id")),
    # A refund books more than once; a decision and a spend have one moment, which is theirs.
    Column("booked_at", UtcTime),
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
    # Exactly one cause: a decision, a refund, or credit that was spent.
    CheckConstraint(
        "(CASE WHEN decision_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN refund_id IS NULL THEN 0 ELSE 1 END)"
        " + (CASE WHEN spend_id IS NULL THEN 0 ELSE 1 END) = 1",
        name="cause",
    ),
)

spends = table(
    "spends",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    # Credit of this buyer was put on this order, or (a negative amount) came back from it.
    Column("buyer_id", BigInt, ForeignKey("buyers.id"), nullable=False),
    Column("order_id", BigInt, ForeignKey("orders.id"), nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount", BigInt, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    CheckConstraint("amount <> 0", name="amount"),
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
    # The code in its memo, by which a bank's word about money that went out, or came back, is recognised.
    Column("code", Text),
    # How it goes: see sales.refund.Means.
    Column("means", Text, nullable=False),
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
    # The key that a gateway knows a sending by, however often it is asked for, and the gateway's own name for it.
    Column("request_key", Text, nullable=False, default=""),
    Column("request_ref", Text, nullable=False, default=""),
    # When its gateway is asked next what became of it (none: no more).
    Column("look_at", UtcTime),
    Column("settled_at", UtcTime),
    # The bank's word on the money that went out.
    Column("settled_by", BigInt, ForeignKey("transfers.id")),
    # Why it came back, or did not go, in the gateway's own words.
    Column("error", Text, nullable=False, default=""),
    UniqueConstraint("shop_id", "code"),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("state IN ('asked', 'dropped', 'approved', 'sent', 'settled', 'failed', 'returned')", name="state"),
    CheckConstraint("means IN ('vietqr', 'payout', 'vnpay', 'stars', 'by_hand')", name="means"),
    CheckConstraint("(state NOT IN ('asked', 'dropped')) = (owed_at IS NOT NULL)", name="owed_at"),
    CheckConstraint("(state NOT IN ('asked', 'dropped', 'approved')) = (sent_at IS NOT NULL)", name="sent_at"),
    CheckConstraint("(state = 'settled') = (settled_at IS NOT NULL)", name="settled_at"),
    # What has come back was sent once, and its account must be confirmed anew.
    CheckConstraint("state NOT IN ('sent', 'settled') OR confirmed_at IS NOT NULL", name="confirmed_at"),
    CheckConstraint("confirmed_at IS NULL OR account <> ''", name="account"),
    CheckConstraint("order_id IS NOT NULL OR transfer_id IS NOT NULL", name="about"),
)

claims = table(
    "claims",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    # A buyer says that this transfer was theirs: amount, moment, and the last digits of the account it came from.
    Column("buyer_id", BigInt, ForeignKey("buyers.id"), nullable=False),
    Column("peer_id", BigInt, ForeignKey("peers.id"), nullable=False),
    Column("order_id", BigInt, ForeignKey("orders.id")),
    Column("currency", Text, nullable=False),
    Column("amount", BigInt, nullable=False),
    Column("moved_at", UtcTime, nullable=False),
    Column("tail", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("transfer_id", BigInt, ForeignKey("transfers.id")),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("state IN ('open', 'accepted', 'refused')", name="state"),
)

reviews = table(
    "reviews",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    # Something that needs a person: money (a transfer), a refund, or a buyer's claim; one of the three is named.
    Column("kind", Text, nullable=False),
    Column("transfer_id", BigInt, ForeignKey("transfers.id")),
    Column("refund_id", BigInt, ForeignKey("refunds.id")),
    Column("claim_id", BigInt, ForeignKey("claims.id")),
    Column("order_id", BigInt, ForeignKey("orders.id")),
    Column("opened_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    Column("closed_by", Text, nullable=False, default=""),
    Column("outcome", Text, nullable=False, default=""),
    Column("reason", Text, nullable=False, default=""),
    CheckConstraint("kind IN ('money', 'refund', 'claim')", name="kind"),
    CheckConstraint("(kind = 'money') = (transfer_id IS NOT NULL)", name="transfer"),
    CheckConstraint("(kind = 'refund') = (refund_id IS NOT NULL)", name="refund"),
    CheckConstraint("(kind = 'claim') = (claim_id IS NOT NULL)", name="claim"),
    CheckConstraint("(closed_at IS NULL) = (outcome = '')", name="outcome"),
)

layouts = table(
    "layouts",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    # How a bank's statement file is read: the header it is known by, and which column means what.
    Column("bank", Text, nullable=False),
    Column("header", Text, nullable=False),
    Column("columns", Json, nullable=False),
    Column("used_at", UtcTime, nullable=False),
    UniqueConstraint("shop_id", "bank", "header"),
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
_failed = notices.c.state == "failed"
Index("ix_notices_failed", notices.c.shop_id, sqlite_where=_failed, postgresql_where=_failed)
Index("ix_postings_order", postings.c.order_id)
Index("ix_postings_decision", postings.c.decision_id)
_refunding = postings.c.refund_id.is_not(None)
Index("ix_postings_refund", postings.c.refund_id, sqlite_where=_refunding, postgresql_where=_refunding)
Index("ix_refunds_order", refunds.c.order_id)
_owed = refunds.c.state.in_(("approved", "failed", "returned"))
Index("ix_refunds_owed", refunds.c.shop_id, refunds.c.id, sqlite_where=_owed, postgresql_where=_owed)
_looked = refunds.c.look_at.is_not(None)
Index("ix_refunds_look", refunds.c.shop_id, refunds.c.look_at, sqlite_where=_looked, postgresql_where=_looked)
_spending = postings.c.spend_id.is_not(None)
Index("ix_postings_spend", postings.c.spend_id, sqlite_where=_spending, postgresql_where=_spending)
Index("ix_spends_order", spends.c.order_id)
_open = reviews.c.closed_at.is_(None)
Index("ix_reviews_open", reviews.c.shop_id, reviews.c.id, sqlite_where=_open, postgresql_where=_open)
# The same thing waits for a person once.
for _about in (reviews.c.transfer_id, reviews.c.refund_id, reviews.c.claim_id):
    Index(
        f"ix_reviews_{_about.name.removesuffix('_id')}", _about, unique=True, sqlite_where=_open, postgresql_where=_open
    )
_waiting = claims.c.state == "open"
Index("ix_claims_open", claims.c.shop_id, claims.c.buyer_id, sqlite_where=_waiting, postgresql_where=_waiting)
