"""Money that names no order: the admins are told at once, with the likeliest orders to press."""

from collections.abc import Sequence

from flows.judge_money import Judged
from flows.messages import Choice, Rows, Say
from flows.money_words import money_facts, money_name
from flows.name_candidates import Candidate, candidates
from flows.premises import Premises
from flows.send_reply import admin_jobs
from flows.small_money import is_small
from sales.settlement import Meaning
from storage import reviews, work
from storage.reviews import Kind
from storage.unit import Unit

MOST_ALERTS = 10
"""Of one list; of the rest only how many: a bank's statement may bring thousands, and looking takes the writer's time.
"""


def offer_orders(unit: Unit, premises: Premises, judged: Sequence[Judged]) -> None:
    """Tell of each such movement, whose review is open by now; of small ones they hear otherwise."""
    shop = premises.shop.id
    unmatched = [each for each in judged if each.decision is not None and each.decision.meaning is Meaning.UNMATCHED]
    lost = [each for each in unmatched if not is_small(each.sighting, each.decision)]
    if not lost:
        return
    about = reviews.all_about(unit, shop, Kind.MONEY, [each.transfer for each in lost])
    waiting = {each.transfer: each.id for each in about}
    for each in lost[:MOST_ALERTS]:
        likely = candidates(unit, premises, each.sighting)
        lines = [Say("admin-unmatched", money_facts(each.sighting)), *candidate_lines(likely)]
        buttons = (*order_buttons(waiting[each.transfer], likely), _more(waiting[each.transfer]))
        jobs = admin_jobs(unit, premises, lines, money_name(each.sighting), choices=buttons)
        work.enqueue(unit, shop, jobs)
    if more := lost[MOST_ALERTS:]:
        _tell_of_more(unit, premises, more)


def _tell_of_more(unit: Unit, premises: Premises, more: Sequence[Judged]) -> None:
    line, rows = Say("admin-unmatched-more", {"count": len(more)}), ((Choice(Say("reviews-all"), token="reviews:0"),),)
    jobs = admin_jobs(unit, premises, [line], f"unmatched-more:{more[0].transfer}", choices=rows)
    work.enqueue(unit, premises.shop.id, jobs)


def candidate_lines(likely: Sequence[Candidate]) -> list[Say]:
    """A line for each order that the money may be for, or that there is none."""
    found = [Say("admin-candidate", {"code": each.code, "total": each.total, "why": each.why[0]}) for each in likely]
    return found or [Say("admin-no-candidate")]


def order_buttons(review: int, likely: Sequence[Candidate]) -> Rows:
    """A button for each, which assigns the money to it."""
    return tuple(
        (Choice(Say("review-assign-button", {"code": each.code}), token=f"review-assign:{review}:{each.code}"),)
        for each in likely
    )


def _more(review: int) -> tuple[Choice, ...]:
    return (Choice(Say("review-open-button"), token=f"review:{review}"),)
