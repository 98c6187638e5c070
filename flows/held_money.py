"""Whether a gateway holds money back that an order waits for: then nobody should pay it a second time."""

from flows.premises import Premises
from sales.money import Money
from sales.purchase import Attempt, Order
from sales.settlement import Meaning
from storage import money
from storage.unit import Unit


def held_money(unit: Unit, premises: Premises, order: Order, attempt: Attempt) -> Money | None:
    """What was held back since `attempt`, the one that can be paid, was made, and has not come yet; None for nothing.

    Whoever has chosen how to pay anew after that knows of it, and a payment that failed leaves no such attempt.
    """
    rows = money.movements(unit, premises.shop.id, order.id)
    held = [row for row in rows if row.meaning == Meaning.HELD]
    if not held or (attempt.made_at is not None and held[-1].seen_at < attempt.made_at):
        return None
    return Money(held[-1].amount, held[-1].currency)
