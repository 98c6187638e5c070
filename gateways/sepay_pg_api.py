"""What SePay's payment gateway is asked over the network: what became of one order.

Source: SePay's reference of GET /v1/order/detail and /v1/order, and the official packages. They name an order by its
invoice where the reference has SePay's own id: the second is looked up when the first finds nothing.
"""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from gateways.gateway import Asking, Reach, Secrets
from gateways.http_call import NOTHING, Api, check_address
from gateways.json_text import Json
from gateways.one_by_one import one_by_one
from gateways.sepay_pg_form import invoice_name
from gateways.sepay_pg_order import sightings
from gateways.shared_secret import held
from sales.errors import Later
from sales.pace import CALM
from sales.question import Question
from sales.transfer import Sighting

DETAIL, ORDERS = "/v1/order/detail", "/v1/order"
NO_SUCH = frozenset({400, 404, 422})
"""What may be said of an invoice that SePay does not know, since nobody has opened its form yet; none is published.
SePay says it in JSON: a page of HTML is somebody else's, such as a proxy's."""
MOST = 20
"""Orders that one look may ask for: of each by itself, or by two more calls."""
ORDER_ID = re.compile(r"[0-9A-Za-z_-]{1,100}", re.ASCII)

Kind = TypeVar("Kind")


def asking(reach: Reach) -> Asking:
    """Build the second look at orders; see Asking. Raises Misconfigured for an address that is not https."""
    check_address(reach.url, "SEPAY_API_URL")
    orders = _Orders(Api("SePay", reach.url, reach.session, reach.clock), _headers(reach.secrets))

    async def paid(question: Question) -> tuple[Sighting, ...]:
        order = await orders.of(invoice_name(question.code, question.number))
        return () if order is None else sightings(question, order)

    async def ask(questions: Sequence[Question]) -> tuple[Sighting, ...]:
        return await one_by_one(questions, paid)

    return Asking(ask, CALM, most=MOST)


@dataclass(frozen=True, slots=True)
class _Orders:
    """The orders of one merchant. Every answer has what it tells in `data`."""

    api: Api
    headers: Mapping[str, str] = field(repr=False)

    async def of(self, invoice: str) -> Json:
        """The order of that invoice; None while there is none. Raises Later for an answer that says neither."""
        order = await self._detail(invoice)
        return await self._listed(invoice) if order is None else order

    async def _listed(self, invoice: str) -> Json:
        told = await self._data(ORDERS, list, {"q": invoice})
        rows = [each for each in told or [] if isinstance(each, dict)]
        ids = [each.get("order_id") for each in rows if each.get("order_invoice_number") == invoice]
        name = ids[0] if len(ids) == 1 else None
        return await self._detail(name) if isinstance(name, str) and ORDER_ID.fullmatch(name) else None

    async def _detail(self, name: str) -> Json:
        return await self._data(f"{DETAIL}/{name}", dict)

    async def _data(self, path: str, kind: type[Kind], query: Mapping[str, str] = NOTHING) -> Kind | None:
        """What is told; None when SePay says that there is no such thing. Nonsense is neither, whatever its status."""
        reply = await self.api.call("GET", path, self.headers, query=query)
        none = reply.status in NO_SUCH
        told = self.api.success(replace(reply, status=200) if none else reply)
        data = told.get("data") if isinstance(told, dict) else None
        if none and isinstance(told, dict):
            return None
        if not isinstance(data, kind):
            raise Later(f"{self.api.name}: the answer is not what its reference says")
        return data


def _headers(secrets: Secrets) -> Mapping[str, str]:
    keys = f"{held(secrets, 'merchant')}:{held(secrets, 'secret')}".encode("utf-8", "surrogateescape")
    return {"Authorization": f"Basic {b64encode(keys).decode()}"}
