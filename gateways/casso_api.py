"""What Casso's API says of the seller's own account: which bank accounts it watches.

Source: developer.casso.vn, API v2 (`Authorization: Apikey …`, 401 for a wrong key). The exact shape of its
answers is not published in one place, so accounts are looked for wherever they stand.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from aiohttp import ClientSession

from gateways.http_call import Api
from gateways.json_text import DEPTH, Json

BASE = "https://oauth.casso.vn/v2"
PATHS = ("/userInfo", "/accounts")
"""Both name the linked accounts; the second is asked when the first names none."""
BODY_LIMIT = 1024 * 1024
"""Bytes of the longest answer that is read."""
COMMAS = 20_000

NUMBERS = ("bankSubAccId", "bank_sub_acc_id", "subAccId", "accountNumber", "bankAccountNumber")
NAMES = ("codeName", "bankCodeName", "bankAbbreviation", "shortName", "bankName")


@dataclass(frozen=True, slots=True)
class LinkedAccount:
    """A bank account that Casso watches; `bank` and `bin` are "" where Casso does not say."""

    number: str
    bank: str = ""
    bin: str = ""


async def linked_accounts(api_key: str, session: ClientSession, base: str = BASE) -> list[LinkedAccount]:
    """Ask which accounts are linked, each once; nothing is changed.

    Raises Rejected for a key that Casso refuses, Later when Casso cannot be reached or answers nonsense.
    """
    api = Api("Casso", base, session, limit=BODY_LIMIT)
    for path in PATHS:
        told = await api.ask("GET", path, {"Authorization": f"Apikey {api_key}"}, commas=COMMAS)
        if found := list(dict.fromkeys(_accounts(told))):
            return found
    return []


def _accounts(told: Json, depth: int = 0) -> Iterator[LinkedAccount]:
    """Everything in the answer that has an account number."""
    if depth > DEPTH or not isinstance(told, list | dict):
        return
    if isinstance(told, dict) and (number := _text(told, *NUMBERS)):
        bank = told.get("bank")
        inner = bank if isinstance(bank, dict) else {}
        yield LinkedAccount(number, _text(told, *NAMES) or _text(inner, *NAMES), _text(told | inner, "bin"))
    for item in told.values() if isinstance(told, dict) else told:
        yield from _accounts(item, depth + 1)


def _text(thing: dict[str, Json], *names: str) -> str:
    """The first of these that says something."""
    found = (value for name in names if isinstance(value := thing.get(name), str) and value.strip())
    return next(found, "").strip()
