"""The mouths that only speak."""
