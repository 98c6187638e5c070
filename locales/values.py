"""How amounts and moments are written: the two places where a value becomes words."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime
from babel.numbers import parse_pattern

from sales.money import EXPONENTS, Money


def write_money(money: Money, pattern: str, locale: Locale) -> str:
    """Write an amount with its currency's sign, such as `199.000 ₫` (CLDR number pattern).

    The decimal places are the house's own: CLDR gives the riel and Telegram's Stars two.
    """
    places = EXPONENTS[money.currency]
    number = parse_pattern(pattern)
    number.frac_prec = (places, places)
    amount = Decimal(money.minor).scaleb(-places)
    return str(number.apply(amount, locale, currency=money.currency, currency_digits=False))


def write_time(moment: datetime, pattern: str, locale: Locale, zone: str) -> str:
    """Write an aware moment in `zone` (IANA name) by a CLDR date pattern.

    A naive moment is a bug (ValueError): it would silently be read in the server's own zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone cannot be written")
    return format_datetime(moment, pattern, ZoneInfo(zone), locale)
