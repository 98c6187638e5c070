"""payOS's second look: what its API tells of the money that came in by one link.

Source: payOS's API reference, GET /v2/payment-requests/{orderCode}. A transfer stands there in the fields of a notice,
but for what the link itself says; link and reference name it, as they do in the notice.
"""

from collections.abc import Sequence
from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from gateways.gateway import Asking, Reach
from gateways.one_by_one import one_by_one
from gateways.payos_api import REQUESTS
from gateways.payos_notice import Name, transfer
from gateways.payos_wire import Unknown, Wire
from sales.errors import Later
from sales.pace import CALM
from sales.question import Question
from sales.transfer import Sighting

MOST = 20
"""Links asked for in one look, a few at a time."""
GAP = timedelta(seconds=0.5)
"""Between two looks; payOS publishes no limit, and its own packages wait as long before they try again."""


def asking(reach: Reach) -> Asking:
    """Build the second look: a call for each link. Raises Misconfigured for an address that is not https."""
    wire = Wire(reach.secrets, reach.url, reach.session, clock=reach.clock)

    async def ask(questions: Sequence[Question]) -> tuple[Sighting, ...]:
        return await one_by_one(questions, lambda each: _came_in(wire, each.number))

    return Asking(ask, CALM, most=MOST, gap=GAP)


async def _came_in(wire: Wire, number: int) -> list[Sighting]:
    """All transfers of one link; a link that payOS does not know has none.

    A transfer that cannot be read is left out, as long as others can: it must not hide them.
    """
    try:
        told = _Listed.model_validate(await wire.signed("GET", f"{REQUESTS}/{number}"))
    except Unknown:
        return []
    except ValidationError:
        raise Later("payOS: the answer is not what its reference says") from None
    if told.number != number:
        raise Later("payOS: the answer speaks of another link")
    found = [seen for each in told.transfers if (seen := transfer(number, told.id, each))]
    if told.transfers and not found:
        raise Later("payOS: no transfer can be read")
    return found


class _Listed(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    number: int = Field(alias="orderCode")
    id: Name
    transfers: list[JsonValue] = Field(alias="transactions")
