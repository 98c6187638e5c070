"""A claimed row of the outbox, as the flows that carry it out see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storage.queue import Claimed


@dataclass(frozen=True, slots=True)
class Task:
    """One job at one attempt; `claimed` is the lease that ends it."""

    claimed: Claimed

    @property
    def id(self) -> int:
        """The row's id."""
        return self.claimed.id

    @property
    def attempts(self) -> int:
        """How often it was tried, this time included."""
        return self.claimed.attempts

    @property
    def repeated(self) -> bool:
        """Whether an earlier try may have done a part of it unheard."""
        return self.attempts > 1

    @property
    def topic(self) -> str:
        """Which flow carries it out."""
        return str(self.claimed.row["topic"])

    @property
    def payload(self) -> Mapping[str, Any]:
        """What the flow needs to know."""
        return dict(self.claimed.row["payload"])

    @property
    def lane(self) -> str | None:
        """The queue in which it keeps its order."""
        return self.claimed.row["lane"]  # type: ignore[no-any-return]

    @property
    def order(self) -> int | None:
        """The order it is about."""
        return self.claimed.row["order_id"]  # type: ignore[no-any-return]

    @property
    def about(self) -> dict[str, Any]:
        """What a log line says of it: the order it is about, or else what has caused it."""
        cause = {"order": self.order} if self.order is not None else {"notice": self.claimed.row["dedupe"]}
        return {"job": self.id, "topic": self.topic, **cause}

    @property
    def key(self) -> str:
        """Names this very message: the same key means the same message sent again."""
        return f"{self.claimed.row['shop_id']}-{self.id}"
