"""One call of VNPay's API: a signed body sent, the signed answer verified, its code sorted by what the caller does.

Source: VNPay's guide to querydr and refund; which values are signed, and in which order, is written there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gateways.gateway import Reach, Secrets
from gateways.http_call import Api, check_address
from gateways.json_text import Json
from gateways.vnpay_signature import HASH, PREFIX, key_of, same, sign_values, terminal_of
from sales.errors import Later, Rejected

PATH = "/merchant_webapi/api/transaction"
PAY_PAGE = re.compile(r"(/paymentv2)?/vpcpay\.html$")
"""What stands behind the host in the address of the pay page, in VNPay's sandbox and in its production."""
VERSION = "2.1.0"
NO_ADDRESS = "127.0.0.1"
"""An IP address is wanted of whoever asks, as of a payer; a chat gives none, and ours is nobody's business."""
CODE = re.compile("[0-9]{2}")
NOT_FOUND = "91"
BUSY = frozenset({"94", "99"})
"""The same was asked for a moment ago; something failed at VNPay."""

Said = dict[str, str]
"""An answer's fields by their names, numbers as they were printed, absent ones as ""."""


@dataclass(frozen=True, slots=True)
class Command:
    """What VNPay can be asked; `asked` and `answered` are signed, in this order. Names stand without their prefix.

    `taken`: codes of an answer that says what was asked for. `unsigned`: codes that may come without any signature,
    since nothing is believed of such an answer.
    """

    name: str
    asked: tuple[str, ...]
    answered: tuple[str, ...]
    taken: frozenset[str]
    unsigned: frozenset[str] = frozenset()


class Unknown(Rejected):
    """VNPay knows no such payment: its buyer has never opened the pay page."""


async def call(reach: Reach, command: Command, fields: Mapping[str, int | str]) -> Said:
    """Ask VNPay; `fields` are those of this one call. Answers what it says of the payment that was asked for.

    Raises Unknown, Rejected, Misconfigured for an address that is not https, and Later, also for an answer that is not
    signed as it should be.
    """
    check_address(reach.url, "VNPAY_URL")
    api = Api("VNPay", PAY_PAGE.sub("", reach.url), reach.session, reach.clock)
    answer = await api.ask("POST", PATH, body=signed_body(reach.secrets, command, fields))
    said = verified_answer(reach.secrets, command, answer)
    _check_code(command, said["vnp_ResponseCode"])
    asked = command.name, terminal_of(reach.secrets), str(fields["TxnRef"])
    if asked != (said.get("vnp_Command"), said.get("vnp_TmnCode"), said.get("vnp_TxnRef")):
        raise Later("VNPay: the answer speaks of something else")
    return said


def signed_body(secrets: Secrets, command: Command, fields: Mapping[str, int | str]) -> dict[str, Json]:
    """Write the body of a call; of the fields that all calls have, those that are given win over the usual ones."""
    usual = {"Version": VERSION, "Command": command.name, "TmnCode": terminal_of(secrets), "IpAddr": NO_ADDRESS}
    values = {**usual, **fields}
    signature = sign_values(key_of(secrets), (str(values[name]) for name in command.asked))
    return {**{f"{PREFIX}{name}": value for name, value in values.items()}, HASH: signature}


def signature_of(secrets: Secrets, command: Command, said: Mapping[str, str | int]) -> str:
    """Sign an answer as VNPay does; the amount counts as it came, in hundredths, and a number as it is printed."""
    return sign_values(key_of(secrets), (str(said.get(f"{PREFIX}{name}", "")) for name in command.answered))


def verified_answer(secrets: Secrets, command: Command, answer: Json) -> Said:
    """Answer the fields of what VNPay has said, whatever its code is.

    Raises Later for what is no answer, and for one that VNPay has not signed, unless the command lets it come so.
    """
    said = _said(answer)
    code = said["vnp_ResponseCode"]
    if HASH not in said and code in command.unsigned:
        return said
    signed = key_of(secrets) and same(signature_of(secrets, command, said), said.get(HASH, ""))
    # A bar inside a value could move values to other names.
    if not signed or any("|" in value for value in said.values()):
        raise Later(f"VNPay: code {code}, not signed as it should be")
    return said


def _said(answer: Json) -> Said:
    """Read the fields; what is no text and no whole number has no place among them."""
    fields = answer if isinstance(answer, dict) else {}
    known = {name: "" if value is None else str(value) for name, value in fields.items() if _plain(value)}
    if len(known) != len(fields) or not CODE.fullmatch(known.get("vnp_ResponseCode", "")):
        raise Later("VNPay: the answer is not what its reference says")
    return known


def _plain(value: Json) -> bool:
    return value is None or isinstance(value, str) or type(value) is int


def _check_code(command: Command, code: str) -> None:
    if code in command.taken:
        return
    if code == NOT_FOUND:
        raise Unknown("VNPay: no such payment")
    reason = f"VNPay: code {code}"
    raise Later(reason) if code in BUSY else Rejected(reason)
