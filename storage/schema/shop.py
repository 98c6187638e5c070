"""A shop, where its money arrives, who runs it, and what it sells."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Text, UniqueConstraint

from storage.columns import BigInt, Blob, Flag, Json, UtcTime, identity, table

shops = table(
    "shops",
    identity(),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("code_prefix", Text, nullable=False),
    # Scrambles order numbers into codes. Made with the shop and never rotated: an old code must stay readable.
    Column("code_key", Blob, nullable=False),
    # A sealed word that opens only with the right vault key, so that a wrong one is noticed at start.
    Column("vault_check", Blob, nullable=False),
    Column("email_optional", Flag, nullable=False),
    Column("payment_seconds", BigInt, nullable=False),
    Column("monitoring_seconds", BigInt, nullable=False),
    Column("order_seq", BigInt, nullable=False, default=0),
    Column("attempt_seq", BigInt, nullable=False, default=0),
    Column("created_at", UtcTime, nullable=False),
    Column("contact", Text, nullable=False),
    Column("terms", Text, nullable=False),
    # How many đồng too few still pay an order in full.
    Column("tolerance", BigInt, nullable=False, default=0),
    # Orders that one buyer may have open at a time, and that all of them together may place in an hour.
    Column("most_open", BigInt, nullable=False, default=3),
    Column("most_an_hour", BigInt, nullable=False, default=500),
    CheckConstraint("payment_seconds > 0 AND monitoring_seconds >= 0", name="times"),
    CheckConstraint("tolerance >= 0 AND most_open > 0 AND most_an_hour > 0", name="limits"),
)

bank_accounts = table(
    "bank_accounts",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("bin", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("holder", Text, nullable=False),
    # What the memo must hold, and the account number buyers pay to instead, where the bank wants it so.
    Column("word", Text, nullable=False, default=""),
    Column("virtual", Text, nullable=False, default=""),
    # The first one shown is what buyers pay to unless they choose.
    Column("position", BigInt, nullable=False, default=0),
    # Money keeps arriving on an account long after the shop has stopped showing it: rows are never removed.
    Column("shown", Flag, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("shop_id", "bin", "account"),
)

channel_accounts = table(
    "channel_accounts",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("shop_id", "channel", "external_id"),
)

products = table(
    "products",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("slug", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("activation", Text, nullable=False),
    Column("download_url", Text, nullable=False),
    Column("links", Json, nullable=False),
    Column("position", BigInt, nullable=False),
    Column("active", Flag, nullable=False),
    UniqueConstraint("shop_id", "slug"),
    CheckConstraint("kind IN ('licence', 'course')", name="kind"),
)

plans = table(
    "plans",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("product_id", BigInt, ForeignKey("products.id"), nullable=False),
    Column("slug", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("days", BigInt),
    Column("position", BigInt, nullable=False),
    Column("active", Flag, nullable=False),
    # Channels it is sold on (none named: all), and channel → gateways that may be paid with there ("" for all others).
    Column("sell_on", Json, nullable=False, default=list),
    Column("pay_with", Json, nullable=False, default=dict),
    UniqueConstraint("shop_id", "slug"),
    CheckConstraint("days > 0", name="days"),
)

prices = table(
    "prices",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("plan_id", BigInt, ForeignKey("plans.id"), nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount", BigInt, nullable=False),
    UniqueConstraint("plan_id", "currency"),
    CheckConstraint("amount > 0", name="amount"),
)

Index("ix_plans_product", plans.c.product_id)
