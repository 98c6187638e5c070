"""The verbs of the shop: who opens only this folder knows what the product does."""
