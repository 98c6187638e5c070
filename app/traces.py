"""Exceptions as a log may hold them: what they are and where they came from, and their words only where those are ours.

A database's error quotes what was to be written, whatever the settings of SQLAlchemy: asyncpg's names the value that
did not fit, be it a memo or a name. Libraries that read what strangers send quote that.
"""

from collections.abc import Iterator
from traceback import format_tb

from structlog.typing import ExcInfo

from sales.errors import ShopError


def traced(exc_info: ExcInfo) -> str:
    """Write an exception and what led to it, the first cause first."""
    chain = list(_chain(exc_info[1]))
    return "\n".join(f"{''.join(format_tb(each.__traceback__))}{_told(each)}" for each in reversed(chain))


def _told(error: BaseException) -> str:
    name = type(error).__qualname__
    # Python's own errors come from bugs, whose words are about the code.
    ours = isinstance(error, ShopError) or type(error).__module__ == "builtins"
    return f"{name}: {error}" if ours else f"{type(error).__module__}.{name}"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, its cause or what was being handled, and so on; of a group each of its errors."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting.append(each.__cause__ or (None if each.__suppress_context__ else each.__context__))
        waiting += each.exceptions if isinstance(each, BaseExceptionGroup) else ()
