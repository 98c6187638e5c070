"""The ear at the web door: what Telegram brings is kept as it came, without the bot and its library."""

from collections.abc import Callable, Mapping

from app.opening import FIRST_SHOP
from app.setup import Setup
from bot.channels.telegram.precheckout import Decide, pre_checkout
from bot.channels.telegram.raw import raw_update
from flows.premises import Premises
from sales.errors import Malformed
from storage import work
from storage.store import Store
from webhooks.doors import Ear


def telegram_ear(setup: Setup, store: Store, premises: Premises, decide: Decide) -> Callable[[str], Ear | None]:
    """Who takes the updates of a shop; nobody where they are fetched instead.

    `decide` answers what Telegram asks before it takes money.
    """

    async def keep(update: object) -> Mapping[str, object] | None:
        if query := pre_checkout(update):
            return (await decide(query)).call
        try:
            raw = raw_update(update)
        except RecursionError:
            raw = None
        if raw is None:
            raise Malformed("no update")
        told = [(raw.event, raw.lane, raw.body)]
        await store.write(lambda unit: work.receive(unit, premises.shop.id, "telegram", told))
        return None

    ear = Ear(setup.webhook.secret, keep) if setup.webhook else None
    return lambda shop: ear if shop == FIRST_SHOP else None
