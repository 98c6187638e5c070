"""The fields of a notice as strangers write them: checked by type, cleaned, cut; and the bank's local time."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from sales.visible import visible

VIETNAM = timezone(timedelta(hours=7))
MAX_AMOUNT = 10**13
MEMO_LIMIT = 1000
"""Characters kept of a memo; the longest layout seen at a bank has about 210."""
TEXT_LIMIT = 200
ACCOUNT_LIMIT = 64


def moment(text: str) -> datetime | None:
    """Read a bank's time: date alone, or with the hour after a blank or a T; Vietnam's unless it names a zone."""
    try:
        said = datetime.fromisoformat(text)
        return (said if said.tzinfo else said.replace(tzinfo=VIETNAM)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def local(said: datetime | None) -> str:
    """Write a time as the gateways do: Vietnam's, to the second, without a zone."""
    return said.astimezone(VIETNAM).replace(tzinfo=None).isoformat(" ", "seconds") if said else ""


def _clean(value: object) -> object:
    """Null is an empty text to the gateways' readers; of a text only what can be seen is kept, on one line.

    Whoever pays writes these texts, and a bank's cut may leave half an emoji: refusing it would refuse the money.
    """
    if value is None:
        return ""
    return visible(value) if isinstance(value, str) else value


def _cut(limit: int) -> AfterValidator:
    """Whoever pays writes these texts: none may fill the database."""
    return AfterValidator(lambda text: text[:limit])


def _named(account: str) -> str:
    if not 0 < len(account.strip()) <= ACCOUNT_LIMIT:
        raise ValueError("no account")
    return account.strip()


def _not_zero(amount: int) -> int:
    if amount == 0:
        raise ValueError("no money moved")
    return amount


Text = Annotated[str, BeforeValidator(_clean), _cut(TEXT_LIMIT)]
Memo = Annotated[str, BeforeValidator(_clean), _cut(MEMO_LIMIT)]
Account = Annotated[str, BeforeValidator(_clean), AfterValidator(_named)]
MaybeAccount = Annotated[Text, AfterValidator(str.strip)]
"""An account that may stay unnamed."""
Amount = Annotated[int, Field(ge=-MAX_AMOUNT, le=MAX_AMOUNT), AfterValidator(_not_zero)]
