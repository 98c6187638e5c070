"""Rotates the vault key in a process that dies at the moment it is told: `python -m tests.app.rotating MOMENT`."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import app.rotate
import app.vault_key
from app.settings import read_settings
from storage import reseal

KILLED = 9


def die(*_args: Any, **_values: Any) -> Any:
    os._exit(KILLED)


def after(work: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any, **values: Any) -> Any:
        work(*args, **values)
        die()

    return run


def second(work: Callable[..., Any]) -> Callable[..., Any]:
    """Dies when it is called for the second time."""
    calls: list[None] = []

    def run(*args: Any, **values: Any) -> Any:
        if calls:
            die()
        calls.append(None)
        return work(*args, **values)

    return run


def prepare(moment: str) -> None:
    """Lay the trap."""
    if moment == "before the new key":
        app.rotate.keep_key = die
    elif moment == "half of the new key":
        os.fsync = die
    elif moment == "after the new key":
        app.rotate.keep_key = after(app.rotate.keep_key)
    elif moment == "in the transaction":
        reseal._renew = second(reseal._renew)
    elif moment == "before the commit":
        app.rotate.reseal = after(app.rotate.reseal)
    elif moment == "after the commit":
        app.rotate.take_next_key = second(app.rotate.take_next_key)
    elif moment == "before the swap":
        Path.replace = die  # type: ignore[method-assign]
    elif moment == "after the swap":
        Path.replace = after(Path.replace)  # type: ignore[method-assign]
    else:
        raise ValueError(moment)


if __name__ == "__main__":
    prepare(sys.argv[1])
    app.rotate.rotate(read_settings())
