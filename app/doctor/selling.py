"""Can this shop sell at all: may somebody pay, and is it noticed when they have."""

from collections.abc import Sequence

from app.holdings import Holding
from app.means import means_of
from app.settings import Settings
from app.shop_file import BrokenShopFile, read_shop_file
from app.shop_file.means import Means, plans_of
from sales.catalogue import ShopFile


def nobody_can_pay(file: ShopFile, means: Means) -> bool:
    """No plan can be paid in any way."""
    return not any(means.ways_of(plan) for plan in plans_of(file))


def money_is_unnoticed(file: ShopFile, means: Means) -> bool:
    """Nobody watches the account that buyers may pay to, or there is no way at all yet and no watcher either."""
    ways = [way for plan in plans_of(file) for way in means.ways_of(plan)]
    return not means.watched and (not ways or any(way.bank for way in ways))


def obstacles(settings: Settings, holdings: Sequence[Holding]) -> list[str]:
    """Ids in locales/ of what keeps a real shop from a test sale; raises BrokenShopFile.

    That sale is a transfer, so a shop that only other gateways pay cannot have one.
    """
    file = read_shop_file(settings.shop_file)
    means = means_of(settings, holdings, file)
    found = {"doctor-nobody-can-pay": nobody_can_pay, "doctor-money-unnoticed": money_is_unnoticed}
    lacking = [message for message, stands in found.items() if stands(file, means)]
    return lacking or ([] if means.links or (means.accounts and means.watched) else ["live-no-transfer"])


def sold_here(settings: Settings, holdings: Sequence[Holding]) -> tuple[ShopFile, Means] | None:
    """What is for sale and what it can be paid with; None while the shop file is broken, which its own check tells."""
    try:
        file = read_shop_file(settings.shop_file)
    except BrokenShopFile:
        return None
    return file, means_of(settings, holdings, file)
