"""Keep the house tidy: what has been worked off is forgotten after a while, so that no sender fills the disk."""

from datetime import timedelta

from storage import admins, queue
from storage.unit import Unit
from storage.work import INBOX, OUTBOX

KEPT_UPDATES = timedelta(days=2)
"""Telegram repeats an update for a day at most (Bot API, getUpdates)."""

KEPT_JOBS = timedelta(days=60)
"""An order lives 31 days at most (shop file): a dedupe key must outlive whatever could repeat its cause."""


def keep_house(unit: Unit) -> int:
    """Forget a bounded number of rows that were worked off; answers how many. Buried ones stay.

    Invitations whose time is over go with them, uncounted: there are never more than a few.
    """
    admins.forget_invites(unit)
    return queue.trim(unit, INBOX, unit.now - KEPT_UPDATES) + queue.trim(unit, OUTBOX, unit.now - KEPT_JOBS)
