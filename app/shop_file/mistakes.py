"""What is wrong with a shop file, and where."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from app.shop_file.places import Place, line_of
from sales.catalogue import CURRENCIES

_TAGGED = r"\s*=\s*([0-9]{1,3}(?:[.,][0-9]{3})+)\s*(?:[,}#]|$)"

_WORDS = {
    "missing": "mistake-missing",
    "extra_forbidden": "mistake-unknown",
    "string_type": "mistake-text",
    "int_type": "mistake-number",
    "list_type": "mistake-list",
    "model_type": "mistake-table",
    "dollars": "mistake-dollars",
    "ways": "mistake-ways",
    "string_pattern_mismatch": "mistake-pattern",
    "string_too_long": "mistake-too-long",
    "string_too_short": "mistake-empty",
    "too_short": "mistake-none",
    "greater_than": "mistake-too-small",
    "greater_than_equal": "mistake-too-small",
    "less_than_equal": "mistake-too-big",
    "literal_error": "mistake-choice",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, where: `message` is an id in locales/, `place` a path such as ("product", 0, "plan", 1).

    `line` counts from 1; 0 when the place has no line of its own.
    """

    message: str
    place: Place = ()
    line: int = 0
    values: dict[str, str] = field(default_factory=dict)


class BrokenShopFile(Exception):
    """The file's mistakes, all of them."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(f"{len(mistakes)} mistakes")
        self.mistakes = mistakes


def by_line(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """The mistakes in the order in which a reader of the file meets them."""
    return sorted(mistakes, key=lambda mistake: mistake.line)


def not_toml(error: Exception, text: str) -> Mistake:
    """What kept the file from being TOML at all."""
    found = re.search(r"at line (\d+)", str(error))
    line = int(found[1]) if found else text.count("\n") + 1
    return thousands(text, line) or Mistake("mistake-toml", line=line, values={"detail": str(error)})


def thousands(text: str, line: int, place: Place = ()) -> Mistake | None:
    """The mistake of a number written as on a price tag (79,000 or 79.000), when that line has one.

    In a line of several numbers it is the one that `place` names.
    """
    key = re.escape(str(place[-1])) if place else r"[\w-]"
    found = re.search(key + _TAGGED, "".join(text.splitlines()[line - 1 : line]))
    if found is None:
        return None
    right = re.sub("[.,]", "_", found[1])
    return Mistake("mistake-thousands", place, line, {"written": found[1], "right": right})


def mistake_of(error: Any, text: str) -> Mistake:
    """One error of pydantic's in plain words."""
    # "": whatever holds on every channel is told of as if it stood in the key itself.
    place: Place = tuple(part for part in error["loc"] if part != "")
    line = line_of(text, place)
    if error["type"] == "int_type" and (tagged := thousands(text, line, place)):
        return tagged
    if error["type"] == "extra_forbidden" and place[-2:-1] == ("prices",):
        return Mistake("mistake-currency", place, line, {"field": str(place[-1]), "known": ", ".join(CURRENCIES)})
    context = error.get("ctx", {})
    reason = str(context.get("error", ""))
    message = f"mistake-{reason}" if error["type"] == "value_error" else _WORDS.get(error["type"], "mistake-other")
    bound = next((context[key] for key in ("gt", "ge", "le", "max_length") if key in context), "")
    # The words that are allowed come as a sentence of the reader's own: 'a', 'b' or 'c'.
    choices = ", ".join(re.findall("'([^']*)'", context.get("expected", "")))
    named = next((part for part in reversed(place) if isinstance(part, str)), "")
    values = {"field": named, "bound": choices or str(bound)}
    return Mistake(message, place, line, values)
