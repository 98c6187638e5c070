"""What SePay's payment gateway is asked over the network: what became of one order.

Source: SePay's reference of GET /v1/order/detail and /v1/order, and the official packages. They name an order by its
invoice where the reference has SePay's own id: the second is looked up when the first finds nothing.
"""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gateways.gateway import Asking, Reach, Secrets
from gateways.http_call import NOTHING, Api, check_address
from gateways.json_text import Json
from gateways.sepay_pg_form import invoice_name
from gateways.sepay_pg_order import sightings
from sales.pace import CALM
from sales.question import Question
from sales.transfer import Sighting

DETAIL, ORDERS = "/v1/order/detail", "/v1/order"
NO_SUCH = frozenset({400, 404, 422})
"""What may be said of an invoice that SePay does not know, since nobody has opened its form yet; none is published."""
ORDER_ID = re.compile(r"[0-9A-Za-z_-]{1,100}", re.ASCII)


def asking(reach: Reach) -> Asking:
    """Build the second look at orders; see Asking. Raises Misconfigured for an address that is not https."""
    check_address(reach.url, "SEPAY_API_URL")
    orders = _Orders(Api("SePay", reach.url, reach.session, reach.clock), _headers(reach.secrets))

    async def ask(questions: Sequence[Question]) -> tuple[Sighting, ...]:
        found: list[Sighting] = []
        for question in questions:
            order = await orders.of(invoice_name(question.code, question.number))
            found += sightings(question, order) if order else ()
        return tuple(found)

    return Asking(ask, CALM)


@dataclass(frozen=True, slots=True)
class _Orders:
    """The orders of one merchant. Every answer has what it tells in `data`."""

    api: Api
    headers: Mapping[str, str] = field(repr=False)

    async def of(self, invoice: str) -> Json:
        """The order of that invoice; None while there is none."""
        return await self._detail(invoice) or await self._listed(invoice)

    async def _listed(self, invoice: str) -> Json:
        told = await self._get(ORDERS, {"q": invoice})
        rows = [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
        ids = [each.get("order_id") for each in rows if each.get("order_invoice_number") == invoice]
        name = ids[0] if len(ids) == 1 else None
        return await self._detail(name) if isinstance(name, str) and ORDER_ID.fullmatch(name) else None

    async def _detail(self, name: str) -> Json:
        return await self._get(f"{DETAIL}/{name}")

    async def _get(self, path: str, query: Mapping[str, str] = NOTHING) -> Json:
        reply = await self.api.call("GET", path, self.headers, query=query)
        told = None if reply.status in NO_SUCH else self.api.success(reply)
        return told.get("data") if isinstance(told, dict) else None


def _headers(secrets: Secrets) -> Mapping[str, str]:
    keys = f"{secrets['merchant']}:{secrets['secret']}".encode("utf-8", "surrogateescape")
    return {"Authorization": f"Basic {b64encode(keys).decode()}"}
