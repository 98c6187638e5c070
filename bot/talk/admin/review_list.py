"""/review: what needs a person, the oldest first; each opens by a button."""

from bot.scene import Scene, button
from bot.talk import browse
from bot.talk.admin.claim_page import show_claim
from bot.talk.admin.review_page import money_page, refund_page
from flows.messages import Choice, Rows, Say
from flows.review_case import waiting_review
from flows.show_reviews import review_lines, waiting_page
from flows.small_money import FLOOR, small_button
from storage import claims, refunds, reviews, small_reviews
from storage.reviews import Kind, Review

SIZE = 5
"""Reviews on a page."""


def command(scene: Scene) -> None:
    """/review: the first page."""
    says, choices = _page(scene, 0)
    scene.say(*says, choices=choices)


def turn(scene: Scene, after: str) -> None:
    """The page behind the review of that id, in the same place."""
    if not is_number(after):
        browse.dead_button(scene, after)
        return
    says, choices = _page(scene, int(after))
    scene.turn_page(*says, choices=choices)


def open_one(scene: Scene, number: str) -> None:
    """One review with all that can be done about it; raises Tell for one that is over."""
    if not is_number(number):
        browse.dead_button(scene, number)
        return
    shop, found = scene.premises.shop.id, waiting_review(scene.unit, scene.premises, int(number))
    if found.kind is Kind.MONEY:
        money_page(scene, found)
    elif found.kind is Kind.CLAIM and (claim := claims.by_id(scene.unit, shop, found.claim or 0)):
        show_claim(scene, claim)
    elif found.refund is not None and (refund := refunds.by_id(scene.unit, shop, found.refund)):
        refund_page(scene, found, refund)


def is_number(text: str) -> bool:
    """Whether a button's rest can be an id."""
    return text.isascii() and text.isdigit() and len(text) < 19


def _page(scene: Scene, after: int) -> tuple[list[Say], Rows]:
    found, more = waiting_page(scene.unit, scene.premises, SIZE, after)
    if not found:
        return [Say("reviews-none")], ((button("reviews-again", "reviews:0"),),)
    count = reviews.count(scene.unit, scene.premises.shop.id)
    says = [Say("reviews-title", {"count": count})]
    for place, lines in enumerate(review_lines(scene.unit, scene.premises, found), 1):
        says += [Say("reviews-place", {"place": place}), *lines]
    small = small_button(len(small_reviews.waiting(scene.unit, scene.premises.shop.id, FLOOR)))
    return says, (_openers(found), *_turning(after, found[-1].id, more), *small)


def _openers(found: list[Review]) -> tuple[Choice, ...]:
    return tuple(button("reviews-open", f"review:{each.id}", place=place) for place, each in enumerate(found, 1))


def _turning(after: int, last: int, more: bool) -> Rows:
    """To the first page, unless this is it, and to the next one, where there is one."""
    first = (button("reviews-first", "reviews:0"),) if after else ()
    further = (button("reviews-next", f"reviews:{last}"),) if more else ()
    return ((*first, *further),) if first or further else ()
