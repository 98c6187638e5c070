"""How amounts, moments and durations are written: the places where a value becomes words."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime
from babel.numbers import parse_pattern
from babel.units import format_unit

from sales.money import EXPONENTS, Money

_SIGNS = {"XTR": "⭐"}
"""Signs of what is no currency to CLDR; the riel stays KHR, since hardly any font draws its own sign."""


def write_money(money: Money, pattern: str, locale: Locale) -> str:
    """Write an amount with its currency's sign, such as `199.000 ₫` (CLDR number pattern).

    The decimal places are the house's own: CLDR gives the riel and Telegram's Stars two.
    """
    places = EXPONENTS[money.currency]
    number = parse_pattern(pattern.replace("¤", _SIGNS.get(money.currency, "¤")))
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


def write_duration(duration: timedelta, locale: Locale) -> str:
    """Write a duration in the unit a person would choose: tenths of a second below ten, then whole units."""
    seconds = duration.total_seconds()
    count, unit = round(seconds, 1 if seconds < 10 else 0), "second"
    if seconds >= 120 * 60:
        count, unit = round(seconds / 3600), "hour"
    elif seconds >= 120:
        count, unit = round(seconds / 60), "minute"
    return str(format_unit(count, f"duration-{unit}", "short", locale=locale))
