"""The schema, one file a theme; `metadata` holds every table."""

from storage.columns import metadata
from storage.schema import admins, gateways, goods, money, orders, people, shop, work

__all__ = ["admins", "gateways", "goods", "metadata", "money", "orders", "people", "shop", "work"]
