"""The buttons under money that is a buyer's to dispose of: keep it for the next order, or have it paid back."""

from flows.messages import Choice, Rows, Say
from sales.credit import KEPT_WHOLE


def credit_choices(code: str, currency: str) -> Rows:
    """Two buttons about what lies on an order in that currency; one for what no order can take."""
    named = f"{code}:{currency}"
    keep = ((Choice(Say("credit-keep"), token=f"credit-keep:{named}"),),) if currency not in KEPT_WHOLE else ()
    return (*keep, (Choice(Say("credit-pay-back"), token=f"credit-back:{named}"),))


def shop_choices() -> Rows:
    """Where credit can be used, and where it can be looked at."""
    return ((Choice(Say("plans"), token="start"), Choice(Say("my-credit"), token="credit")),)
