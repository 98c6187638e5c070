"""The chat door: one conversation, many mouths."""
