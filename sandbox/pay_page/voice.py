"""Speaks the language of whoever looks at a page."""

from dataclasses import dataclass

from aiohttp import web

from locales.texts import Texts, plain
from sales.money import Money


@dataclass(frozen=True, slots=True)
class Voice:
    """One language of the street's."""

    texts: Texts
    language: str

    def __call__(self, name: str) -> str:
        """Say the street's sentence of that name."""
        return plain(self.texts.say(self.language, f"sandbox-{name}"))

    def dong(self, amount: int) -> str:
        """Write an amount."""
        return plain(self.texts.say(self.language, "just-amount", {"amount": Money(amount, "VND")}))


def voice(texts: Texts, request: web.Request) -> Voice:
    """The voice for a browser."""
    return Voice(texts, texts.match(request.headers.get("Accept-Language", "")[:2]))
