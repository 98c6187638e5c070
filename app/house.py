"""The house: everything wired together, and the roles it can play."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import ClientSession

from app.bookkeeper import BOOKS, Bookkeeper
from app.cashier import Cashier
from app.drawing import drawing
from app.ear import telegram_ear
from app.gauges import GAUGES, read_gauges
from app.hands import hire
from app.inbox import Inbox
from app.links import open_links
from app.lookout import lookouts, open_askers
from app.mouths import TelegramMouth, open_email
from app.paying_out import follower, open_givers
from app.setup import Setup
from app.terminal import Terminal
from app.worker import Worker
from flows.channel import Channel
from flows.keep_house import keep_house
from flows.notice import Notice
from flows.office import Office
from flows.premises import Premises
from flows.show_pay_page import PayPage, show_pay_page
from flows.tell_language import tell_language
from flows.till import Till
from locales import Texts
from sales.errors import StoreBusy
from sales.settlement import Outcome
from sales.transfer import Sighting
from storage.store import Store, at_head
from storage.work import INBOX
from webhooks.doors import Doors
from webhooks.metrics import Metrics

TIDY_EVERY = 3600.0
"""Seconds between two rounds of forgetting what is done."""

Errand = Callable[[], Awaitable[object]]
"""Something that runs for as long as the house is open."""


@dataclass(slots=True)
class House:
    """One process of the shop: web doors, mouths and workers, as far as its role opens them."""

    store: Store
    premises: Premises
    setup: Setup
    texts: Texts = field(default_factory=Texts)
    channels: dict[str, Channel] = field(default_factory=dict)
    workers: list[Worker] = field(default_factory=list)
    telegram: TelegramMouth | None = None
    outside: ClientSession | None = None
    till: Till = field(init=False)
    cashier: Cashier = field(init=False)
    bookkeeper: Bookkeeper = field(init=False)

    def __post_init__(self) -> None:
        self.till = Till(self.store, self.premises)
        self.cashier = Cashier(self.store, self.premises, self.texts)
        self.bookkeeper = Bookkeeper(self.store, self.premises)

    def doors(self) -> Doors:
        """What the web doors ask of the house."""

        async def settle(_shop: str, gateway: str, sightings: tuple[Sighting, ...], body: bytes) -> Outcome:
            return await self.till.settle(Notice(gateway, body.decode("utf-8", "replace"), sightings))

        metrics = Metrics()
        metrics.watch(GAUGES, self._gauges)
        metrics.watch(BOOKS, self.bookkeeper.gauges)
        ear = telegram_ear(self.setup, self.store, self.premises, self.cashier.decide)
        return Doors(
            self.setup.secrets,
            settle,
            self._ready,
            self.setup.clock,
            metrics,
            texts=self.texts,
            telegram=ear,
            pay_page=self._pay_page,
            language_of=self._language_of,
        )

    def employ(self) -> list[Errand]:
        """Open the mouths and hire the workers; answers what must run for as long as the house is open."""
        self.channels |= open_email(self.setup, self.texts, self.premises.shop.name)
        self.channels[Terminal.name] = Terminal()
        inbox = Inbox(self.store, self.premises, self.texts)
        errands: list[Errand] = []
        if self.setup.telegram_token is not None:
            self.telegram = TelegramMouth(self.setup, self.texts, inbox, self.cashier)
            self.channels["telegram"] = self.telegram.room.channel
            errands.append(self.telegram.listen)
        self.outside = ClientSession()
        links = open_links(self.premises, self.outside, self.setup.clock)
        askers = open_askers(self.premises, self.outside, self.setup.clock)
        givers = open_givers(self.premises, self.outside, self.setup.clock)
        office = Office(self.store, self.premises, self.channels, drawing(self.texts), links, self.setup.back, givers)
        self.workers = [*hire(office), Worker(self.store, INBOX, inbox.handle)]
        errands += lookouts(self.store, self.premises, self.till, askers)
        errands.append(follower(self.store, self.premises, givers))
        return [*errands, self._keep_tidy, self.bookkeeper.watch, *(worker.run for worker in self.workers)]

    async def close(self) -> None:
        """Let go of connections and the database."""
        if self.telegram is not None:
            await self.telegram.room.close()
        if self.outside is not None:
            await self.outside.close()
        await self.store.close()

    async def _pay_page(self, shop: str, gateway: str, token: str) -> PayPage:
        if shop != self.premises.shop.slug:
            return PayPage()
        return await self.store.read(lambda unit: show_pay_page(unit, self.premises, gateway, token))

    async def _language_of(self, shop: str, gateway: str, number: int) -> str | None:
        if shop != self.premises.shop.slug:
            return None
        return await self.store.read(lambda unit: tell_language(unit, self.premises, gateway, number))

    async def _keep_tidy(self) -> None:
        while True:
            try:
                forgotten = await self.store.write(keep_house)
            except StoreBusy:
                forgotten = 0
            # A full batch means that there is more.
            await asyncio.sleep(0 if forgotten >= 1000 else TIDY_EVERY)

    async def _ready(self) -> Mapping[str, bool]:
        return {
            "database": await at_head(self.store),
            "workers": all(worker.alive for worker in self.workers),
            "telegram": self.telegram is None or self.telegram.hears,
        }

    async def _gauges(self) -> Mapping[str, float]:
        return await self.store.read(lambda unit: read_gauges(unit, self.premises.shop.id))


async def run_all(errands: list[Errand], stop: asyncio.Event) -> None:
    """Run all errands until `stop` is set; one that fails stops the house and its error is raised."""
    tasks = [asyncio.ensure_future(errand()) for errand in [*errands, stop.wait]]
    ended, running = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    for task in ended:
        task.result()
