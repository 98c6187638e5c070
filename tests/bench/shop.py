"""The shop that is raced: one database of orders that wait for money, copied for each who settles them."""

import asyncio
import os
from pathlib import Path

from app.opening import Opened, open_shop
from app.settings import Settings
from flows.place_order import place_order
from flows.premises import Premises
from gateways.casso import CASSO
from sales.clock import utc_now
from sales.transfer import Sighting
from storage import buyers, catalogue
from storage.store import Store, open_store
from storage.unit import Unit
from storage.vault import new_vault_key

SECRETS = {"checksum_key": "bench-key"}
BANK = {"bank_bin": "970422", "bank_account": "0000111122223333", "bank_holder": "NGUYEN VAN A"}
PRICE = 79_000
VAULT = "VAULT_KEY"
"""The variable in which all processes of one run find the same vault key."""


def settings(url: str) -> Settings:
    """A real shop without a chat on that database."""
    os.environ.setdefault(VAULT, new_vault_key())
    return Settings(database_url=url, casso_checksum_key=SECRETS["checksum_key"], **BANK)  # type: ignore[arg-type]


async def open_at(url: str) -> tuple[Store, Opened]:
    store = await open_store(url, utc_now)
    chosen = settings(url)
    return store, await open_shop(store, chosen, chosen.bank, ())


def prepare(database: Path, orders: int) -> list[str]:
    """Write so many open orders of as many buyers, each with an e-mail address; answers their codes."""

    async def write() -> list[str]:
        store, opened = await open_at(f"sqlite:///{database}")
        codes: list[str] = []
        for first in range(0, orders, 500):
            last = min(first + 500, orders)
            codes += await store.write(lambda unit, span=range(first, last): _place(unit, opened.premises, span))
        await store.close()
        return codes

    return asyncio.run(write())


def _place(unit: Unit, premises: Premises, span: range) -> list[str]:
    offer = next(each for each in catalogue.offers(unit, premises.shop.id, "telegram") if each.price.minor == PRICE)
    codes = []
    for number in span:
        peer = buyers.meet(unit, premises.shop.id, "telegram", str(number), "NGUYEN VAN A", "vi")
        codes.append(place_order(unit, premises, peer, offer, f"buyer{number}@example.com").code)
    return codes


def notice(code: str, ref: int) -> bytes:
    """A whole HTTP request: a true notice of money for the order of that code."""
    sighting = Sighting("casso", str(ref), PRICE, "VND", BANK["bank_account"], f"CT {code}")
    told = CASSO.forge(SECRETS, sighting, utc_now())
    headers = "".join(f"{name}: {value}\r\n" for name, value in told.headers)
    head = f"POST /webhooks/main/casso HTTP/1.1\r\nHost: x\r\nContent-Length: {len(told.body)}\r\n{headers}\r\n"
    return head.encode() + told.body
