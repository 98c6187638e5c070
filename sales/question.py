"""A payment that somebody should be asked about."""

from dataclasses import dataclass, field
from datetime import datetime

from sales.ids import AttemptId
from sales.money import Money


@dataclass(frozen=True, slots=True)
class Question:
    """A payment attempt whose money nobody has told of yet: what a gateway may be asked for it by. Times are UTC.

    `qr` is the text of its code, `qr_md5` its digest; `account` is what that code pays to.
    """

    attempt: AttemptId
    number: int
    code: str
    amount: Money
    made_at: datetime
    until: datetime
    link: str = ""
    account: str = ""
    qr: str = field(default="", repr=False)
    qr_md5: str = ""
