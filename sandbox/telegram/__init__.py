"""A small Bot API server on python-telegram-bot's types: the other side of aiogram's wire."""
