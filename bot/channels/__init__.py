"""The mouths of the shop: each shows replies in its own way, none knows another."""
