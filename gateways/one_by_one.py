"""Ask about several payments of which one call tells one: a few at a time, and what was told is not lost."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from sales.errors import CutShort, Later, Rejected
from sales.question import Question
from sales.transfer import Sighting

AT_ONCE = 4
"""Calls under way at a time: a gateway that answers in a second tells of hundreds of payments in a minute."""

AskOne = Callable[[Question], Awaitable[Sequence[Sighting]]]


async def one_by_one(questions: Sequence[Question], ask_one: AskOne, at_once: int = AT_ONCE) -> tuple[Sighting, ...]:
    """All that is told of them, in their order.

    At the first trouble raises CutShort with what was told before; the trouble itself when that is nothing of any.
    """
    found: list[Sighting] = []
    for place in range(0, len(questions), at_once):
        some = questions[place : place + at_once]
        told = await asyncio.gather(*(ask_one(each) for each in some), return_exceptions=True)
        answered = {each.number for each in questions[:place]}
        for question, answer in zip(some, told, strict=True):
            if not isinstance(answer, BaseException):
                found += answer
                answered.add(question.number)
        for answer in told:
            if isinstance(answer, Later | Rejected) and answered:
                raise CutShort(answer, tuple(found), frozenset(answered))
            if isinstance(answer, BaseException):
                raise answer
    return tuple(found)
