"""What goes wrong with payOS's API on demand."""

import asyncio
from dataclasses import dataclass

from sandbox.news import News
from sandbox.payos import refusals

SLOW = 90.0
"""Seconds a slow answer takes; the official client gives up after sixty."""


@dataclass(slots=True)
class ApiFaults:
    """`down`: every call is answered 503; `limit_next`: the next one 429; `slow`: it is done, but its answer waits."""

    down: bool = False
    limit_next: bool = False
    slow: bool = False


def check(faults: ApiFaults, news: News) -> None:
    """Raise the refusal that was asked for."""
    if faults.down:
        raise refusals.closed()
    if faults.limit_next:
        faults.limit_next = False
        news.tell()
        raise refusals.busy()


async def linger(faults: ApiFaults, news: News) -> None:
    """Hold an answer back for as long as answers are slow, and not beyond the end of the street."""
    try:
        async with asyncio.timeout(SLOW):
            while faults.slow and not news.closed:
                await news.after(news.version)
    except TimeoutError:
        return
