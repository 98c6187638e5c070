"""Reads the signed address that opens the pay page, as strictly as VNPay may: nothing of it is taken on trust."""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from gateways.gateway import Secrets
from gateways.vnpay_signature import verified
from gateways.vnpay_time import moment
from sales.errors import Refuse
from sandbox.vnpay.payments import Wish

SHAPES = {
    "vnp_Version": re.compile(r"2\.1\.0"),
    "vnp_Command": re.compile("pay"),
    "vnp_CurrCode": re.compile("VND"),
    "vnp_Locale": re.compile("vn|en"),
    "vnp_Amount": re.compile("[1-9][0-9]{0,11}"),
    "vnp_TxnRef": re.compile("[0-9A-Za-z_-]{1,100}"),
    "vnp_OrderInfo": re.compile("[0-9A-Za-z .:_-]{1,255}"),
    "vnp_OrderType": re.compile("[0-9a-z]{1,100}"),
    "vnp_ReturnUrl": re.compile(r"https?://\S{1,240}", re.ASCII),
}
SIGNATURE, TERMINAL, VALUE = "70", "72", "03"
"""VNPay's codes for an address that opens no page."""


class BadAddress(Exception):
    """An address that opens no page: VNPay's code, and what is wrong in a word for the seller's programmer."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


def read_address(query: tuple[tuple[str, str], ...], secrets: Secrets) -> Wish:
    """Read the query of an address; raises BadAddress."""
    try:
        params = verified(secrets, query)
    except Refuse as error:
        raise BadAddress(SIGNATURE, str(error)) from None
    if params.get("vnp_TmnCode") != secrets["tmn_code"]:
        raise BadAddress(TERMINAL, "vnp_TmnCode")
    for name, shape in SHAPES.items():
        if not shape.fullmatch(params.get(name, "")):
            raise BadAddress(VALUE, name)
    return _wish(params)


def _wish(params: Mapping[str, str]) -> Wish:
    made, until = moment(params.get("vnp_CreateDate", "")), moment(params.get("vnp_ExpireDate", ""))
    if made is None or until is None or until <= made:
        raise BadAddress(VALUE, "vnp_ExpireDate")
    if not _parts(params["vnp_ReturnUrl"]) or not _is_ip(params.get("vnp_IpAddr", "")):
        raise BadAddress(VALUE, "vnp_IpAddr")
    return Wish(
        number=params["vnp_TxnRef"],
        hundredths=int(params["vnp_Amount"]),
        words=params["vnp_OrderInfo"],
        back=params["vnp_ReturnUrl"],
        made=params["vnp_CreateDate"],
        until=until,
    )


def _parts(address: str) -> bool:
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:
        return False


def _is_ip(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False
