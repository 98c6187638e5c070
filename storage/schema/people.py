"""Buyers, the mouths they speak through, and their e-mail addresses: three different things."""

from sqlalchemy import Column, ForeignKey, Index, Text, UniqueConstraint

from storage.columns import BigInt, Flag, Json, UtcTime, identity, table

buyers = table(
    "buyers",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("language", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

peers = table(
    "peers",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("buyer_id", BigInt, ForeignKey("buyers.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    # The name others can write to, "" when there is none: @somebody on Telegram.
    Column("handle", Text, nullable=False, default=""),
    Column("reachable", Flag, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("shop_id", "channel", "external_id"),
)

emails = table(
    "emails",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("buyer_id", BigInt, ForeignKey("buyers.id"), nullable=False),
    Column("address", Text, nullable=False),
    Column("used_at", UtcTime, nullable=False),
    UniqueConstraint("buyer_id", "address"),
)

talks = table(
    "talks",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("peer_id", BigInt, ForeignKey("peers.id"), nullable=False, unique=True),
    Column("step", Text, nullable=False),
    Column("data", Json, nullable=False),
    Column("version", BigInt, nullable=False),
)

Index("ix_peers_buyer", peers.c.buyer_id)
