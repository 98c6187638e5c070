"""VNPay's API over HTTP: what became of a payment (querydr), signed both ways."""

from collections.abc import Mapping
from secrets import token_hex

from aiohttp import web

from gateways.gateway import Secrets
from gateways.json_text import Json, parse
from gateways.vnpay_api import QUERY
from gateways.vnpay_signature import HASH, PREFIX, same, sign_values
from gateways.vnpay_wire import signature_of
from sales.errors import Malformed
from sandbox.trouble import Troubles
from sandbox.vnpay.notices import NAME
from sandbox.vnpay.payments import Payments
from sandbox.vnpay.shapes import found

REMEMBERED = 1000
"""RequestIds that are known again; VNPay knows those of a day."""
WORDS = {
    "02": "Invalid TmnCode",
    "03": "Invalid data",
    "91": "Transaction not found",
    "94": "Request is duplicate",
    "97": "Invalid checksum",
}


class VnpayApi:
    """One terminal's payments, for who signs with its secret."""

    def __init__(self, payments: Payments, secrets: Secrets, troubles: Troubles) -> None:
        self._payments, self._secrets, self._troubles = payments, secrets, troubles
        self._requests: dict[str, None] = {}

    def routes(self) -> list[web.RouteDef]:
        """The one address, under /vnpay, which stands for `https://pay.vnpay.vn`."""
        handler = self._troubles.around(NAME, self._answer, self._lie)
        return [web.post("/vnpay/merchant_webapi/api/transaction", handler)]

    async def _answer(self, request: web.Request) -> web.Response:
        said = self._told(_fields(await request.read()))
        signature = signature_of(self._secrets, QUERY, said)
        return web.json_response(said | {HASH: signature})

    async def _lie(self, request: web.Request) -> web.Response:
        """Say that everything is paid, signed by somebody else."""
        asked = _fields(await request.read())
        paid = {"vnp_TxnRef": asked.get("vnp_TxnRef", ""), "vnp_TmnCode": asked.get("vnp_TmnCode", "")}
        codes = {"vnp_ResponseCode": "00", "vnp_TransactionStatus": "00", "vnp_Amount": "100", HASH: token_hex(64)}
        return web.json_response(paid | codes | {"vnp_Command": QUERY.name})

    def _told(self, asked: Mapping[str, str]) -> dict[str, str]:
        """The fields of the answer, not signed yet."""
        number, made = asked.get("vnp_TxnRef", ""), asked.get("vnp_TransactionDate", "")
        payment, code = self._payments.find(number, made), self._refusal(asked)
        if payment is not None and not code:
            said = found(payment, payment.state(self._payments.now()), self._secrets)
        else:
            code = code or "91"
            said = {"vnp_ResponseCode": code, "vnp_Message": WORDS[code], "vnp_TmnCode": asked.get("vnp_TmnCode", "")}
            said |= {"vnp_TxnRef": number}
        return {"vnp_ResponseId": token_hex(16), "vnp_Command": QUERY.name} | said

    def _refusal(self, asked: Mapping[str, str]) -> str:
        """VNPay's code for a call that it does not answer, "" for one that it does."""
        values = [asked.get(f"{PREFIX}{name}", "") for name in QUERY.asked]
        if asked.get("vnp_Command") != QUERY.name or not all(values):
            return "03"
        if asked["vnp_TmnCode"] != self._secrets["tmn_code"]:
            return "02"
        if not same(sign_values(self._secrets["hash_secret"], values), asked.get(HASH, "")):
            return "97"
        return "" if self._is_new(asked["vnp_RequestId"]) else "94"

    def _is_new(self, request: str) -> bool:
        if request in self._requests:
            return False
        self._requests[request] = None
        if len(self._requests) > REMEMBERED:
            del self._requests[next(iter(self._requests))]
        return True


def _fields(body: bytes) -> dict[str, str]:
    """The fields as they are printed; what is no object has none."""
    try:
        told: Json = parse(body)
    except Malformed:
        return {}
    return {name: str(value) for name, value in told.items()} if isinstance(told, dict) else {}
