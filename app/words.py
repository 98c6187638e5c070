"""Sentences for whoever sits at the command line, in the language of their terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.settings import terminal_language
from app.shop_file import Mistake
from app.wrong_settings import WrongSettings
from locales import Texts, plain
from sales.errors import Misconfigured


def said(message: str, values: Mapping[str, object], zone: str = "Asia/Ho_Chi_Minh") -> str:
    """One sentence; times are written in `zone`."""
    return plain(Texts().say(terminal_language(), message, values, zone))


def complaint(error: Misconfigured) -> list[str]:
    """What the seller must mend; of wrong variables each by itself."""
    forms = error.forms if isinstance(error, WrongSettings) else {}
    return [said(error.message, error.values), *(f"- {said(form, {'name': name})}" for name, form in forms.items())]


def mistakes(found: Sequence[Mistake]) -> list[str]:
    """Each mistake of a shop file with its place."""
    texts, language = Texts(), terminal_language()
    return [
        _where(texts, language, mistake) + plain(texts.say(language, mistake.message, mistake.values))
        for mistake in found
    ]


def as_text(told: Mapping[str, Any]) -> str:
    """Nested values as indented lines."""
    return "\n".join(_lines(told, ""))


def _where(texts: Texts, language: str, mistake: Mistake) -> str:
    """Line and place, as far as there are any."""
    if mistake.place:
        return plain(texts.say(language, "mistake-at", {"line": mistake.line, "place": _place(mistake)}))
    return plain(texts.say(language, "mistake-line", {"line": mistake.line})) if mistake.line else ""


def _place(mistake: Mistake) -> str:
    """A path in words people count by: product 2 › plan 1 › price."""
    parts: list[str] = []
    for part in mistake.place:
        if isinstance(part, int):
            parts[-1] += f" {part + 1}"
        else:
            parts.append(part)
    return " › ".join(parts)


def _lines(told: Any, indent: str) -> Iterator[str]:
    pairs = told.items() if isinstance(told, Mapping) else [("-", each) for each in told]
    for name, value in pairs:
        if isinstance(value, (Mapping, list)):
            yield f"{indent}{name}"
            yield from _lines(value, indent + "  ")
        else:
            yield f"{indent}{name}  {value}"
