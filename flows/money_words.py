"""What is told of a movement of money, and the name under which it is told once."""

from flows.messages import Value
from gateways.registry import gateway
from sales.money import Money
from sales.posting import Account
from sales.settlement import Decision, Meaning
from sales.transfer import Sighting


def money_facts(sighting: Sighting) -> dict[str, Value]:
    """What the admins are told of it."""
    return {
        "amount": Money(abs(sighting.amount), sighting.currency),
        "memo": sighting.memo or "–",
        "source": sighting.source,
        "ref": sighting.ref,
    }


def money_word(sighting: Sighting, meaning: Meaning) -> str:
    """What the ids of its messages end with: its meaning; for money held back without suspicion of fraud, "stuck"."""
    told_by = gateway(sighting.source)
    suspected = told_by is not None and sighting.reason in told_by.suspected
    return "stuck" if meaning is Meaning.HELD and not suspected else meaning


def decision_word(sighting: Sighting, decision: Decision) -> str:
    """The same for a decision: of late money also whether it has paid its order, or has become credit ("late")."""
    if decision.meaning is not Meaning.LATE:
        return money_word(sighting, decision.meaning)
    if decision.pays:
        return "late_honoured"
    return "late" if any(each.account is Account.CREDIT for each in decision.postings) else "late_unplaced"


def money_name(sighting: Sighting) -> str:
    """Names it for ever: whatever is said of it under this name is said once."""
    return f"money:{sighting.source}:{sighting.ref}"
