"""Orders with lines that keep the name and price of their day, and every QR handed out for them."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Text, UniqueConstraint

from storage.columns import BigInt, Json, UtcTime, identity, table

orders = table(
    "orders",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("number", BigInt, nullable=False),
    Column("code", Text, nullable=False),
    Column("buyer_id", BigInt, ForeignKey("buyers.id"), nullable=False),
    Column("peer_id", BigInt, ForeignKey("peers.id"), nullable=False),
    Column("email", Text, nullable=False),
    Column("payment", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("total", BigInt, nullable=False),
    # Currency → minor units: all prices of its day. `currency` and `total` are the one it is being paid at.
    Column("prices", Json, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("pay_until", UtcTime, nullable=False),
    Column("watch_until", UtcTime, nullable=False),
    Column("paid_at", UtcTime),
    UniqueConstraint("shop_id", "number"),
    UniqueConstraint("shop_id", "code"),
    CheckConstraint("payment IN ('open', 'paid', 'expired', 'cancelled')", name="payment"),
    CheckConstraint("total > 0", name="total"),
    CheckConstraint("(payment = 'paid') = (paid_at IS NOT NULL)", name="paid_at"),
)

order_lines = table(
    "order_lines",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("order_id", BigInt, ForeignKey("orders.id"), nullable=False),
    Column("position", BigInt, nullable=False),
    Column("plan_id", BigInt, ForeignKey("plans.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("product_name", Text, nullable=False),
    Column("plan_name", Text, nullable=False),
    Column("days", BigInt),
    Column("price", BigInt, nullable=False),
    Column("currency", Text, nullable=False),
    UniqueConstraint("order_id", "position"),
    CheckConstraint("price > 0", name="price"),
)

attempts = table(
    "attempts",
    identity(),
    Column("shop_id", BigInt, ForeignKey("shops.id"), nullable=False),
    Column("order_id", BigInt, ForeignKey("orders.id"), nullable=False),
    Column("gateway", Text, nullable=False),
    # Gateways that count orders themselves want an integer of ours; it is never used twice.
    Column("number", BigInt, nullable=False),
    Column("link_id", Text),
    Column("link_url", Text, nullable=False, default=""),
    Column("bank_account_id", BigInt, ForeignKey("bank_accounts.id")),
    # What the QR pays to: the account above, or a virtual one of the gateway's in front of it.
    Column("bin", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("memo", Text, nullable=False),
    Column("qr", Text, nullable=False),
    Column("qr_md5", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount", BigInt, nullable=False),
    Column("state", Text, nullable=False),
    Column("chat_message", Text),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    # When its gateway is asked next whether it was paid (none: no more), and when it was asked last.
    Column("look_at", UtcTime),
    Column("looked_at", UtcTime),
    UniqueConstraint("shop_id", "number"),
    CheckConstraint("state IN ('asked', 'open', 'paid', 'expired', 'cancelled', 'replaced', 'failed')", name="state"),
    CheckConstraint("amount > 0", name="amount"),
)

Index("ix_orders_buyer", orders.c.buyer_id, orders.c.id)
Index(
    "ix_orders_open",
    orders.c.shop_id,
    orders.c.pay_until,
    sqlite_where=orders.c.payment == "open",
    postgresql_where=orders.c.payment == "open",
)
Index("ix_orders_created", orders.c.shop_id, orders.c.created_at)
Index("ix_attempts_order", attempts.c.order_id)
Index("ix_attempts_md5", attempts.c.shop_id, attempts.c.qr_md5)
Index("ix_attempts_account", attempts.c.shop_id, attempts.c.account)
_looked = attempts.c.look_at.is_not(None)
Index(
    "ix_attempts_look",
    attempts.c.shop_id,
    attempts.c.gateway,
    attempts.c.look_at,
    sqlite_where=_looked,
    postgresql_where=_looked,
)
