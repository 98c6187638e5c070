"""Telegram: the only room that imports aiogram, which costs seconds; only `raw` is free of it.

Import `room` where the bot is started and nowhere else.
"""
