"""Codes that Bakong is asked about, and what it tells of one."""

from datetime import UTC, datetime, timedelta

from sales.ids import AttemptId
from sales.money import Money
from sales.question import Question
from sales.transfer import Payer, Sighting
from tests.gateways.bakong_server import ACCOUNT, payment

MADE = datetime(2026, 11, 1, 3, 46, 40, tzinfo=UTC)
A, B = "a" * 32, "b" * 32
SEEN = Sighting(
    source="bakong",
    ref=payment()["hash"],
    amount=950,
    currency="USD",
    account=ACCOUNT,
    memo="OnlinePayment",
    reference="100FT33616732210",
    booked_at=datetime(2026, 11, 1, 2, 26, 52, tzinfo=UTC),
    payer=Payer(account="buyer@bkrt"),
    number=251022001,
)


def question(digest: str = A, number: int = 251022001, account: str = ACCOUNT) -> Question:
    until = MADE + timedelta(minutes=30)
    code, amount = "KX7R2M9CF", Money(950, "USD")
    return Question(AttemptId(7), number, code, amount, MADE, until, account=account, qr="0002", qr_md5=digest)
