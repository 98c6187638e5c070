"""Times as VNPay writes them: yyyyMMddHHmmss in GMT+7, whatever the zone of the server."""

import re
from datetime import UTC, datetime

from gateways.notice_fields import VIETNAM

FORM = "%Y%m%d%H%M%S"
DIGITS = re.compile(r"[0-9]{14}")


def stamp(moment: datetime) -> str:
    """Write an aware moment, to the second."""
    return moment.astimezone(VIETNAM).strftime(FORM)


def moment(text: str) -> datetime | None:
    """Read one as UTC; None for what is no time."""
    try:
        return datetime.strptime(text, FORM).replace(tzinfo=VIETNAM).astimezone(UTC) if DIGITS.fullmatch(text) else None
    except (ValueError, OverflowError):
        return None
