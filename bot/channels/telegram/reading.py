"""Reads a kept update with aiogram, as far as this aiogram can."""

import json
from collections.abc import Sequence
from typing import Any

from aiogram import Bot
from aiogram.types import Update
from pydantic import ValidationError

from sales.errors import Malformed

MOST_REPAIRS = 10


def read_update(body: str, bot: Bot) -> Update:
    """Read the JSON of one update; parts newer than this aiogram are left out rather than losing the message.

    Raises Malformed when the rest cannot be read either; it never will be.
    """
    try:
        data = json.loads(body)
    except ValueError:
        raise Malformed("not JSON") from None
    for _ in range(MOST_REPAIRS):
        try:
            return Update.model_validate(data, context={"bot": bot})
        except ValidationError as error:
            where = error.errors(include_url=False, include_input=False)[0]["loc"]
            if not _leave_out(data, where):
                break
    raise Malformed("not an update of the Bot API")


def _leave_out(data: Any, where: Sequence[int | str]) -> bool:
    """Delete the deepest thing on the path of an error; False when that would be all that somebody did.

    Steps that the data does not have are names of types aiogram has tried.
    """
    node, holder, last, depth = data, None, None, 0
    for step in where:
        if isinstance(node, dict) and step in node:
            node, holder, last, depth = node[step], node, step, depth + 1
    if holder is None or depth < 2:
        return False
    del holder[last]
    return True
