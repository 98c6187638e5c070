"""The banks to choose from, page by page, the common ones first."""

from collections.abc import Sequence

from bot.scene import Scene, button
from flows.messages import Rows, Say
from sales.banks import Bank, banks_by_use

LISTED = 12
"""Banks on one page."""

_A_ROW = 3


def ask_bank(scene: Scene, refund: int, page: int, *, again: bool = False) -> None:
    """Ask which bank; `again`: in place of the page before. A page beyond the last is the first."""
    banks = banks_by_use()
    page = page if page * LISTED < len(banks) else 0
    shown = bank_rows(refund, banks[page * LISTED : (page + 1) * LISTED])
    more = button("refund-more-banks", f"refund-banks:{refund}:{page + 1 if (page + 1) * LISTED < len(banks) else 0}")
    show = scene.turn_page if again else scene.say
    show(Say("refund-choose-bank"), Say("refund-or-in-one-line"), choices=(*shown, (more,)))


def bank_rows(refund: int, banks: Sequence[Bank]) -> Rows:
    """A button for each."""
    choices = [button("refund-bank-choice", f"refund-bank:{refund}:{each.bin}", bank=each.short_name) for each in banks]
    return tuple(tuple(choices[place : place + _A_ROW]) for place in range(0, len(choices), _A_ROW))
