"""What runs on after whoever set it out has gone on, and is given up when the street closes."""

import asyncio
from collections.abc import Coroutine


class Errands:
    """Errands under way."""

    def __init__(self) -> None:
        self._under_way: set[asyncio.Task[None]] = set()

    def set_out(self, run: Coroutine[None, None, None]) -> None:
        """Let it run beside everything else."""
        errand = asyncio.create_task(run)
        self._under_way.add(errand)
        errand.add_done_callback(self._under_way.discard)

    async def close(self) -> None:
        """Give up all that have not come to their end."""
        for errand in self._under_way:
            errand.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
