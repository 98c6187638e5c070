"""What payOS answers when it will not do as it was asked."""

from collections.abc import Mapping

RETRY_AFTER = 2


class Refusal(Exception):
    """An answer without data: payOS's own code and words, and the HTTP status, which is 200 for most."""

    def __init__(self, code: str, words: str, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.code, self.words, self.status, self.headers = code, words, status, headers or {}


def invalid(what: str) -> Refusal:
    """A value payOS does not take."""
    return Refusal("20", what)


def stranger() -> Refusal:
    """Keys that open no channel."""
    return Refusal("401", "unknown client id or api key", 401)


def forged() -> Refusal:
    """A signature that is not of these values."""
    return Refusal("201", "wrong signature")


def taken() -> Refusal:
    """An order code that has a link already."""
    return Refusal("231", "order code exists already")


def unknown() -> Refusal:
    """A link nobody has made; this code is not published, its readers only learn that it is not 00."""
    return Refusal("101", "no such payment link")


def busy() -> Refusal:
    """Too many calls."""
    return Refusal("429", "too many requests", 429, {"Retry-After": str(RETRY_AFTER)})


def closed() -> Refusal:
    """A service that is down."""
    return Refusal("503", "service unavailable", 503)
