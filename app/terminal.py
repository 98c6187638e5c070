"""The mouth of whoever sits at the terminal: a test purchase reads the database, so nothing is said to it."""

from collections.abc import Mapping

from flows.channel import Address, Picture
from flows.messages import Reply, Say
from flows.place_test_order import CHANNEL


class Terminal:
    """A Channel that swallows; without it the messages of a test order would wait for ever."""

    name = CHANNEL

    async def show(self, address: Address, reply: Reply, key: str, picture: Picture | None = None) -> str:
        """Take it."""
        return key

    async def offer(self, address: Address, menu: Mapping[str, Say]) -> None:
        """Do without."""
