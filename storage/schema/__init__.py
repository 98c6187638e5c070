"""The schema, one file a theme; `metadata` holds every table."""

from storage.columns import metadata
from storage.schema import admins, goods, money, orders, people, shop, work

__all__ = ["admins", "goods", "metadata", "money", "orders", "people", "shop", "work"]
