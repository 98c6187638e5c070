"""What every bot that takes money in the chat must answer (Telegram's terms for bots): /paysupport and /terms."""

from bot.scene import Scene
from bot.talk import browse
from flows.messages import Say
from flows.name_contact import contact_lines


def pay_support(scene: Scene) -> None:
    """What to do when something is wrong with a payment, and how to reach a person."""
    page = Say("pay-support", {"shop": scene.premises.shop.name})
    scene.turn_page(page, *contact_lines(scene.premises), choices=browse.way_out())


def terms(scene: Scene) -> None:
    """The seller's own terms of sale, or the usual ones."""
    shop = scene.premises.shop
    page = Say("own-terms", {"terms": shop.terms}) if shop.terms else Say("usual-terms", {"shop": shop.name})
    scene.turn_page(page, *contact_lines(scene.premises), choices=browse.way_out())
