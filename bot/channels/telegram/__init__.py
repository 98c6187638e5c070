"""Telegram: the only room that imports aiogram, which costs seconds; only `raw` and `precheckout` are free of it.

Import `room` where the bot is started and nowhere else.
"""
