"""JSON printed compactly as one language or another does: gateways sign such texts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gateways.json_text import DEPTH, Json
from sales.errors import Malformed


@dataclass(frozen=True, slots=True)
class Form:
    """One language's way to print: a text with its quotes, a number, and the order of an object's keys.

    Keys that are alike in `order` stay as they came.
    """

    text: Callable[[str], str]
    number: Callable[[int | float], str]
    order: Callable[[str], Any]


def canonical(value: Json, form: Form, depth: int = 0) -> str:
    """Print `value` compactly in that form; raise Malformed when it is nested too deep."""
    if depth > DEPTH:
        raise Malformed("nested too deep")
    if isinstance(value, str):
        return form.text(value)
    if isinstance(value, dict):
        pairs = (f"{form.text(key)}:{canonical(value[key], form, depth + 1)}" for key in sorted(value, key=form.order))
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join([canonical(item, form, depth + 1) for item in value]) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return form.number(value)
