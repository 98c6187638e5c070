"""The bell: wakes whoever waits for work in this process. The row is the truth; a lost ring costs a poll."""

import asyncio
from contextlib import suppress
from threading import Lock

_Waiter = tuple[asyncio.AbstractEventLoop, "asyncio.Future[None]"]


class Bell:
    """Rung from any thread, heard by every task that waits at that moment.

    `rings` counts them. Whoever reads it before looking for work, and hands it to `wait`, misses no ring in between.
    """

    def __init__(self) -> None:
        self.rings = 0
        self._lock = Lock()
        self._waiting: set[_Waiter] = set()

    def ring(self) -> None:
        """Wake all who wait."""
        with self._lock:
            self.rings += 1
            waiting, self._waiting = self._waiting, set()
        for loop, future in waiting:
            with suppress(RuntimeError):  # that loop is closed: nobody waits there any more
                loop.call_soon_threadsafe(_wake, future)

    async def wait(self, timeout: float, since: int | None = None) -> bool:  # noqa: ASYNC109 - a wait that ends is its purpose
        """Wait for a ring, at most `timeout` seconds; answer whether it rang (at once if it did after `since`)."""
        loop = asyncio.get_running_loop()
        waiter = (loop, loop.create_future())
        with self._lock:
            if since is not None and self.rings != since:
                return True
            self._waiting.add(waiter)
        try:
            async with asyncio.timeout(timeout):
                await waiter[1]
        except TimeoutError:
            return False
        finally:
            with self._lock:
                self._waiting.discard(waiter)
        return True


def _wake(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
