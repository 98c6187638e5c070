"""What was handed over for each line, and by which way it went out."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Text, UniqueConstraint

from storage.columns import BigInt, Blob, Json, UtcTime, identity, table

grants = table(
    "grants",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("order_id", BigInt, ForeignKey("orders.id"), nullable=False),
    # One grant a line, whatever is repeated: this is what makes "one licence" true.
    Column("line_id", BigInt, ForeignKey("order_lines.id"), nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("key_sealed", Blob),
    Column("key_hash", Blob),
    Column("links", Json, nullable=False),
    Column("activation", Text, nullable=False),
    Column("download_url", Text, nullable=False),
    Column("granted_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    UniqueConstraint("shop_id", "key_hash"),
    CheckConstraint("state IN ('pending', 'processing', 'granted', 'failed', 'revoked')", name="state"),
    CheckConstraint("(key_sealed IS NULL) = (key_hash IS NULL)", name="key"),
)

deliveries = table(
    "deliveries",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("order_id", BigInt, ForeignKey("orders.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("message", Text),
    Column("error", Text),
    Column("created_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    CheckConstraint("state IN ('waiting', 'sent', 'failed')", name="state"),
)

Index("ix_grants_order", grants.c.order_id)
Index("ix_deliveries_order", deliveries.c.order_id)
_ended = deliveries.c.ended_at.is_not(None)
Index(
    "ix_deliveries_ended",
    deliveries.c.shop_id,
    deliveries.c.ended_at,
    sqlite_where=_ended,
    postgresql_where=_ended,
)
_failed = deliveries.c.state == "failed"
Index(
    "ix_deliveries_failed",
    deliveries.c.shop_id,
    deliveries.c.order_id,
    sqlite_where=_failed,
    postgresql_where=_failed,
)
