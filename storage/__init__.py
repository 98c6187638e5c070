"""The memory of the shop: the only room that knows SQL."""
