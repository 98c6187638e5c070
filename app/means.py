"""What the shop takes money with, as its settings, what it holds for gateways, and its file have it."""

from collections.abc import Sequence

from app.holdings import Holding, unwatched
from app.opening import accounts_of
from app.settings import Settings
from app.shop_file.means import Means
from gateways.gateway import Gateway
from sales.catalogue import ShopFile


def means_of(settings: Settings, holdings: Sequence[Holding], file: ShopFile) -> Means:
    """All of it."""
    used = tuple(each.gateway for each in holdings if each.open and not lacks_chat(settings, each.gateway))
    accounts = () if unwatched(holdings) else tuple(accounts_of(file, settings.bank))
    return Means(used, accounts, at_web=settings.public_url is not None)


def lacks_chat(settings: Settings, gateway: Gateway) -> bool:
    """Whether its buyers are only in chats that the shop has no token for."""
    chats = {"telegram"} if settings.telegram_bot_token is not None else set()
    return bool(gateway.channels) and not gateway.channels & chats
