"""Keep the house tidy: what has been worked off is forgotten after a while, so that no sender fills the disk."""

from datetime import timedelta

from storage import queue
from storage.schema.work import inbox, outbox
from storage.unit import Unit

KEPT_UPDATES = timedelta(days=7)
"""Telegram repeats an update for a day at most."""

KEPT_JOBS = timedelta(days=60)
"""An order lives 31 days at most (shop file): a dedupe key must outlive whatever could repeat its cause."""


def keep_house(unit: Unit) -> int:
    """Forget a bounded number of rows that were worked off; answers how many. Buried ones stay."""
    return queue.trim(unit, inbox, unit.now - KEPT_UPDATES) + queue.trim(unit, outbox, unit.now - KEPT_JOBS)
