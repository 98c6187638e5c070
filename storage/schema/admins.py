"""Who runs the shop from the chat, and the invitations by which somebody becomes one of them."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Text, UniqueConstraint

from storage.columns import BigInt, Blob, UtcTime, identity, table

admins = table(
    "admins",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("added_at", UtcTime, nullable=False),
    UniqueConstraint("shop_id", "channel", "external_id"),
)

invites = table(
    "invites",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    # Only a hash lies here: who reads the database, or a copy of it, cannot join by it.
    Column("token_hash", Blob, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Column("used_by", Text),
    UniqueConstraint("shop_id", "token_hash"),
    CheckConstraint("(used_at IS NULL) = (used_by IS NULL)", name="used"),
)
