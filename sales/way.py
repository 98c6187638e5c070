"""The ways to pay a buyer can choose from, and which of them a seller allows where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

BANK = "bank"
"""How sellers call a transfer to their own bank account in `pay_with`, whichever gateway watches it."""


@dataclass(frozen=True, slots=True)
class Way:
    """By which gateway, in which currency, and to which bank account of the shop's (our id; 0: no account of its own).

    `bank`: it is a transfer to the shop's bank account, whichever gateway tells of it.
    """

    gateway: str
    currency: str
    account: int = 0
    bank: bool = False

    @property
    def key(self) -> str:
        """Names it in buttons: "vnpay.VND.0"; no sign that buttons part their words by."""
        return f"{self.gateway}.{self.currency}.{self.account}"

    @property
    def name(self) -> str:
        """What sellers call it in `pay_with`."""
        return BANK if self.bank else self.gateway


@dataclass(frozen=True, slots=True)
class Rule:
    """Where a plan is sold, and what it may be paid with there.

    `sell_on`: channels; none named: all. `pay_with`: channel → names of ways; "" stands for every channel that is not
    named itself; a channel without any entry allows all.
    """

    sell_on: tuple[str, ...] = ()
    pay_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def sold_on(self, channel: str) -> bool:
        """Whether it is sold on that channel."""
        return not self.sell_on or channel in self.sell_on

    def allows(self, channel: str, way: Way) -> bool:
        """Whether it may be paid that way by a buyer on that channel."""
        named = self.pay_with.get(channel, self.pay_with.get(""))
        return named is None or way.name in named


def allowed(ways: Iterable[Way], channel: str, rules: Iterable[Rule]) -> list[Way]:
    """Those ways that every one of the rules allows on that channel."""
    every = list(rules)
    return [way for way in ways if all(rule.sold_on(channel) and rule.allows(channel, way) for rule in every)]
