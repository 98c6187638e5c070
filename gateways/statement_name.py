"""The name of a statement's line: what it says, in a form that shows whether another reading may mean the same line.

A bank promises no number that it would keep, so a line is named by its content (account, day, amount, memo), its time
of day, its reference, and its place among lines that are equal in all of these. One file of a bank may leave out what
another tells. All letters are hexadecimal, so that every database sorts names of one content side by side.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Self

from gateways.notice_fields import VIETNAM
from sales.memo import fold

CONTENT, _TIME, _REFERENCE, _PLACE = 32, 6, 16, 8
REST = _TIME + _REFERENCE + _PLACE
"""Letters behind those of the content."""
_NO_TIME, _NO_REFERENCE = "0" * _TIME, "0" * _REFERENCE


@dataclass(frozen=True, slots=True)
class LineName:
    """`time` is the local HHMMSS, midnight where a date stands alone; `place` counts equal lines of a file from 1."""

    content: str
    time: str
    reference: str
    place: int = 1

    @classmethod
    def of(cls, account: str, moment: datetime, amount: int, memo: str, reference: str) -> Self:
        """Name the first line that says this; `moment` is aware, `reference` "" for none."""
        local = moment.astimezone(VIETNAM)
        content = _digest("|".join((account, local.date().isoformat(), str(amount), fold(memo))), CONTENT)
        return cls(content, f"{local:%H%M%S}", _digest(reference, _REFERENCE) if reference else _NO_REFERENCE)

    @classmethod
    def read(cls, text: str) -> Self:
        """Take a name apart that `str` has put together."""
        time, reference = CONTENT + _TIME, CONTENT + _TIME + _REFERENCE
        return cls(text[:CONTENT], text[CONTENT:time], text[time:reference], int(text[reference:], 16))

    def __str__(self) -> str:
        """Write it as letters of one length."""
        return f"{self.content}{self.time}{self.reference}{self.place:0{_PLACE}x}"

    def same_time(self, other: "LineName") -> bool:
        """Whether both give a time of day, and the same."""
        return self.time == other.time != _NO_TIME

    def same_reference(self, other: "LineName") -> bool:
        """Whether both give a reference, and the same."""
        return self.reference == other.reference != _NO_REFERENCE

    def may_be(self, other: "LineName") -> bool:
        """Whether one line can be meant, read with other columns: what both tell must not speak against it.

        The reference may have been taken from another column, but then the time of day must agree.
        """
        if self.content != other.content:
            return False
        if self.same_reference(other) or self.same_time(other):
            return True
        both_named = _NO_REFERENCE not in (self.reference, other.reference)
        both_timed = _NO_TIME not in (self.time, other.time)
        return not (both_named or both_timed)


def _digest(text: str, letters: int) -> str:
    return blake2b(text.encode(), digest_size=letters // 2).hexdigest()
