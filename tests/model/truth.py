"""What really happened, as the model knows it: the books are held against this after every step."""

from collections import Counter
from dataclasses import dataclass, field

from sales.ids import BuyerId, OrderId
from sales.transfer import Sighting


@dataclass(slots=True)
class Truth:
    """`came`: minor units that really came in and stayed, by currency; a second word about them adds nothing.

    `movements` counts real ones, `told` names what sources have said of them. `stripped` are orders whose goods were
    taken back, `robbed` the orders and buyers whose money a gateway has taken back.
    """

    came: Counter[str] = field(default_factory=Counter)
    movements: int = 0
    told: list[Sighting] = field(default_factory=list)
    stripped: set[OrderId] = field(default_factory=set)
    robbed: set[OrderId] = field(default_factory=set)
    robbed_buyers: set[BuyerId] = field(default_factory=set)

    def moved(self, *told: Sighting, received: bool) -> None:
        """One real movement, told of by one or more."""
        self.movements += 1
        self.told += told
        if received:
            self.came[told[0].currency] += told[0].amount

    @property
    def names(self) -> set[tuple[str, str]]:
        return {(each.source, each.ref) for each in self.told}
