"""The house: everything wired together, and the roles it can play."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from app.ear import telegram_ear
from app.gauges import GAUGES, read_gauges
from app.hands import hire
from app.inbox import Inbox
from app.links import LinkClient, open_client
from app.mouths import TelegramMouth, drawing, open_email
from app.setup import Setup
from app.terminal import Terminal
from app.worker import Worker
from flows.channel import Channel
from flows.keep_house import keep_house
from flows.notice import Notice
from flows.office import Office
from flows.premises import Premises
from flows.till import Till
from locales import Texts
from sales.errors import StoreBusy
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
    link_client: LinkClient | None = None

    def doors(self) -> Doors:
        """What the web doors ask of the house."""
        till = Till(self.store, self.premises)

        async def settle(_shop: str, gateway: str, sightings: tuple[Sighting, ...], body: bytes) -> None:
            await till.settle(Notice(gateway, body.decode("utf-8", "replace"), sightings))

        metrics = Metrics()
        metrics.watch(GAUGES, self._gauges)
        ear = telegram_ear(self.setup, self.store, self.premises)
        return Doors(self.setup.secrets, settle, self._ready, self.setup.clock, metrics, texts=self.texts, telegram=ear)

    def employ(self) -> list[Errand]:
        """Open the mouths and hire the workers; answers what must run for as long as the house is open."""
        self.channels |= open_email(self.setup, self.texts, self.premises.shop.name)
        self.channels[Terminal.name] = Terminal()
        inbox = Inbox(self.store, self.premises, self.texts)
        errands: list[Errand] = []
        if self.setup.telegram_token is not None:
            self.telegram = TelegramMouth(self.setup, self.texts, inbox)
            self.channels["telegram"] = self.telegram.room.channel
            errands.append(self.telegram.listen)
        self.link_client = open_client(self.setup, self.premises.gateway)
        links = self.link_client.links if self.link_client else None
        office = Office(self.store, self.premises, self.channels, drawing(self.texts), links, self.setup.back)
        self.workers = [*hire(office), Worker(self.store, INBOX, inbox.handle)]
        return [*errands, self._keep_tidy, *(worker.run for worker in self.workers)]

    async def close(self) -> None:
        """Let go of connections and the database."""
        if self.telegram is not None:
            await self.telegram.room.close()
        if self.link_client is not None:
            await self.link_client.session.close()
        await self.store.close()

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
