"""The mouth of whoever sits at the terminal: a test purchase reads the database, so nothing is said to it."""

from collections.abc import Mapping

from flows.channel import Address, ChatInvoice, Picture
from flows.messages import Reply, Say
from flows.place_test_order import CHANNEL
from sales.errors import Rejected


class Terminal:
    """A Channel that swallows; without it the messages of a test order would wait for ever."""

    name = CHANNEL

    async def show(
        self,
        address: Address,
        reply: Reply,
        key: str,
        picture: Picture | None = None,
        invoice: ChatInvoice | None = None,
    ) -> str:
        """Take it."""
        return key

    async def offer(self, address: Address, menu: Mapping[str, Say]) -> None:
        """Do without."""

    async def refund_stars(self, payer: str, charge: str) -> None:
        """Refuse: nobody pays here; raises Rejected."""
        raise Rejected("the terminal takes no payments")
