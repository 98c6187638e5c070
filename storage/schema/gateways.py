"""What a shop's gateways need, sealed, which of them are switched off, and how asking them goes."""

from sqlalchemy import Column, ForeignKey, Text, UniqueConstraint

from storage.columns import BigInt, Blob, Flag, UtcTime, identity, table

gateway_secrets = table(
    "gateway_secrets",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("gateway", Text, nullable=False),
    Column("field", Text, nullable=False),
    # Bound to shop, gateway and field: copied to another row it does not open.
    Column("sealed", Blob, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    UniqueConstraint("shop_id", "gateway", "field"),
)

gateway_switches = table(
    "gateway_switches",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("gateway", Text, nullable=False),
    Column("off", Flag, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    UniqueConstraint("shop_id", "gateway"),
)

looks = table(
    "looks",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("gateway", Text, nullable=False),
    # Not before then: the least time between two calls, a lease while one is under way, or a pause that was asked for.
    Column("due_at", UtcTime, nullable=False),
    Column("failures", BigInt, nullable=False),
    Column("asked_at", UtcTime),
    Column("answered_at", UtcTime),
    Column("error", Text, nullable=False),
    UniqueConstraint("shop_id", "gateway"),
)
