"""Names for the numbers that travel between rooms, so that they cannot be swapped."""

from typing import NewType

ShopId = NewType("ShopId", int)
BuyerId = NewType("BuyerId", int)
PeerId = NewType("PeerId", int)
PlanId = NewType("PlanId", int)
OrderId = NewType("OrderId", int)
AttemptId = NewType("AttemptId", int)
TransferId = NewType("TransferId", int)
RefundId = NewType("RefundId", int)
JobId = NewType("JobId", int)
