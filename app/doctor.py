"""The doctor: looks at everything a shop needs and says what works, what is missing, and what to do."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from app.announce import what_is_missing
from app.opening import visit_shop
from app.settings import Settings
from app.setup import real_setup
from app.shop_file import BrokenShopFile, read_shop_file
from app.words import mistakes, said
from sales.clock import utc_now
from sales.errors import Misconfigured, StoreBusy
from storage import work
from storage.store import open_store

GOOD, WAITING, BROKEN = "✔", "•", "✘"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: its mark, and the sentence about it."""

    mark: str
    text: str


def examine(settings: Settings) -> tuple[list[str], bool]:
    """Look at everything; answers lines to print and whether nothing is broken (missing is not broken)."""
    found = list(_findings(settings))
    return [f"{each.mark} {each.text}" for each in found], all(each.mark != BROKEN for each in found)


def _findings(settings: Settings) -> Iterator[Finding]:
    yield Finding(GOOD, said("doctor-sandbox" if settings.sandbox else "doctor-real", {}))
    yield from _shop_file(settings)
    yield from asyncio.run(_database(settings))
    if settings.sandbox:
        yield Finding(GOOD, said("doctor-played", {}))
        return
    missing = what_is_missing(real_setup(settings))
    for part in ("telegram", "bank", "casso", "mail", "admins"):
        absent = part in missing
        yield Finding(WAITING if absent else GOOD, said(f"start-no-{part}" if absent else f"doctor-{part}", {}))


def _shop_file(settings: Settings) -> Iterator[Finding]:
    try:
        file = read_shop_file(settings.shop_file)
    except BrokenShopFile as broken:
        yield from (Finding(BROKEN, line) for line in mistakes(broken.mistakes))
        return
    plans = sum(len(product.plans) for product in file.products)
    counts = {"path": str(settings.shop_file), "products": str(len(file.products)), "plans": str(plans)}
    yield Finding(GOOD, said("shop-file-fine", counts))


async def _database(settings: Settings) -> list[Finding]:
    if settings.nothing_there:
        return [Finding(WAITING, said("database-not-migrated", {}))]
    try:
        store = await open_store(settings.database, utc_now)
    except Misconfigured as error:
        return [Finding(BROKEN, said(error.message, error.values))]
    except StoreBusy as error:
        return [_unreachable(error)]
    try:
        await visit_shop(store, settings)
        depths = await store.read(work.depths)
    except Misconfigured as error:
        fresh = error.message in ("database-not-migrated", "shop-not-founded")
        return [Finding(WAITING if fresh else BROKEN, said(error.message, error.values))]
    except StoreBusy as error:
        return [_unreachable(error)]
    finally:
        await store.close()
    return [Finding(GOOD, said("doctor-database", {})), *_queues(depths)]


def _unreachable(error: StoreBusy) -> Finding:
    return Finding(BROKEN, said("database-unreachable", {"reason": str(error)}))


def _queues(depths: dict[tuple[str, str], int]) -> list[Finding]:
    waiting = sum(count for (_, state), count in depths.items() if state != "dead")
    dead = sum(count for (_, state), count in depths.items() if state == "dead")
    findings = [Finding(GOOD, said("doctor-queues", {"waiting": waiting}))]
    return [*findings, Finding(WAITING, said("doctor-buried", {"dead": dead}))] if dead else findings
