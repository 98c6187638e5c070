"""VNPay's API over HTTP: what became of a payment (querydr), and money given back (refund), signed both ways."""

import re
from collections.abc import Mapping
from secrets import token_hex

from aiohttp import web

from gateways.gateway import Secrets
from gateways.json_text import Json, parse
from gateways.vnpay_api import PART, QUERY, REFUND, WHOLE
from gateways.vnpay_signature import HASH, PREFIX, same, sign_values
from gateways.vnpay_wire import Command, signature_of
from sales.errors import Malformed
from sandbox.trouble import Troubles
from sandbox.vnpay.notices import NAME
from sandbox.vnpay.payments import Payment, Payments
from sandbox.vnpay.refunds import Refunds
from sandbox.vnpay.shapes import found, given_back

COMMANDS = {each.name: each for each in (QUERY, REFUND)}
AMOUNT = re.compile("[1-9][0-9]{0,13}")
REMEMBERED = 1000
"""RequestIds that are known again; VNPay knows those of a day."""
WORDS = {
    "02": "Invalid TmnCode",
    "03": "Invalid data",
    "91": "Transaction not found",
    "94": "Request is duplicate",
    "95": "Transaction is not successful",
    "97": "Invalid checksum",
}


class VnpayApi:
    """One terminal's payments, for who signs with its secret."""

    def __init__(self, payments: Payments, secrets: Secrets, troubles: Troubles, refunds: Refunds) -> None:
        self._payments, self._secrets, self._troubles, self._refunds = payments, secrets, troubles, refunds
        self._requests: dict[str, None] = {}

    def routes(self) -> list[web.RouteDef]:
        """The one address, under /vnpay, which stands for `https://pay.vnpay.vn`."""
        handler = self._troubles.around(NAME, self._answer, self._lie)
        return [web.post("/vnpay/merchant_webapi/api/transaction", handler)]

    async def _answer(self, request: web.Request) -> web.Response:
        asked = _fields(await request.read())
        command = COMMANDS.get(asked.get("vnp_Command", ""), QUERY)
        said = {"vnp_ResponseId": token_hex(16), "vnp_Command": command.name} | self._told(command, asked)
        return web.json_response(said | {HASH: signature_of(self._secrets, command, said)})

    async def _lie(self, request: web.Request) -> web.Response:
        """Say that everything is paid, signed by somebody else."""
        asked = _fields(await request.read())
        paid = {"vnp_TxnRef": asked.get("vnp_TxnRef", ""), "vnp_TmnCode": asked.get("vnp_TmnCode", "")}
        codes = {"vnp_ResponseCode": "00", "vnp_TransactionStatus": "00", "vnp_Amount": "100", HASH: token_hex(64)}
        return web.json_response(paid | codes | {"vnp_Command": QUERY.name})

    def _told(self, command: Command, asked: Mapping[str, str]) -> dict[str, str]:
        """The fields of the answer, not signed yet."""
        if code := self._refusal(command, asked):
            return self._refused(code, asked)
        payment = self._payments.find(asked["vnp_TxnRef"], asked["vnp_TransactionDate"])
        if payment is None:
            return self._refused("91", asked)
        if command is REFUND:
            return self._give_back(payment, asked)
        return found(payment, self._payments.now(), self._secrets)

    def _give_back(self, payment: Payment, asked: Mapping[str, str]) -> dict[str, str]:
        """Take a refund; a payment's own number may be left out as 0, but not be another's."""
        amount, kind = asked["vnp_Amount"], asked["vnp_TransactionType"]
        if not AMOUNT.fullmatch(amount) or kind not in (WHOLE, PART):
            return self._refused("03", asked)
        if asked["vnp_TransactionNo"] not in ("0", str(payment.transaction)):
            return self._refused("91", asked)
        refund = self._payments.give_back(payment, int(amount), kind == WHOLE, self._refunds)
        if refund is None:
            return self._refused("95", asked)
        return given_back(payment, refund, self._payments.now(), self._secrets)

    def _refused(self, code: str, asked: Mapping[str, str]) -> dict[str, str]:
        whose = {name: asked.get(name, "") for name in ("vnp_TmnCode", "vnp_TxnRef")}
        return {"vnp_ResponseCode": code, "vnp_Message": WORDS[code]} | whose

    def _refusal(self, command: Command, asked: Mapping[str, str]) -> str:
        """VNPay's code for a call that it does not answer, "" for one that it does."""
        values = [asked.get(f"{PREFIX}{name}", "") for name in command.asked]
        if asked.get("vnp_Command") != command.name or not all(values):
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
