"""The only human sentences, one file a language."""

from locales.texts import Texts, plain

__all__ = ["Texts", "plain"]
