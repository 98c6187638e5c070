"""Sentences for whoever sits at the command line, in the language of their terminal."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from app.settings import terminal_language
from app.shop_file import Mistake
from app.wrong_settings import WrongSettings
from locales import Texts, plain
from sales.errors import Misconfigured
from sales.visible import visible


def said(message: str, values: Mapping[str, object], zone: str = "Asia/Ho_Chi_Minh") -> str:
    """One sentence; times are written in `zone`, and no value speaks to the terminal."""
    seen = {name: visible(value) if isinstance(value, str) else value for name, value in values.items()}
    return plain(_texts().say(terminal_language(), message, seen, zone))


@lru_cache(maxsize=1)
def _texts() -> Texts:
    """Read once: a command may say many sentences, and reading them takes longer than saying them."""
    return Texts()


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


def as_json(told: object) -> str:
    """Values for programs; what a terminal would obey is escaped."""
    text = json.dumps(told, ensure_ascii=False, indent=2)
    # Between the values the printer itself has put nothing but line breaks and blanks.
    return "".join(each if each.isprintable() or each == "\n" else json.dumps(each)[1:-1] for each in text)


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
