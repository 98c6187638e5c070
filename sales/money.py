"""Money: integers of minor units with their currency, never a float."""

from dataclasses import dataclass

EXPONENTS = {"VND": 0, "KHR": 0, "USD": 2, "XTR": 0}
"""Decimal places of each currency the shop may ever handle (ISO 4217; XTR is Telegram's Stars)."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (VND has none: 199000 is 199.000 đồng) and its ISO currency."""

    minor: int
    currency: str = "VND"

    def __add__(self, other: "Money") -> "Money":
        self._must_match(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._must_match(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def _must_match(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} never add up")
