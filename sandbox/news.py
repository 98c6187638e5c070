"""One bell for everyone who waits until something has changed."""

import asyncio


class News:
    """A counter of changes that can be waited on; belongs to one event loop."""

    def __init__(self) -> None:
        self.version = 0
        self.closed = False
        self._next = asyncio.Event()

    def tell(self) -> None:
        """Count one change and wake all who wait."""
        self.version += 1
        heard, self._next = self._next, asyncio.Event()
        heard.set()

    def close(self) -> None:
        """Wake everyone for the last time; from now on nobody waits."""
        self.closed = True
        self.tell()

    async def after(self, version: int) -> int:
        """Wait until there is something newer than `version`, or until closed; answer the version now."""
        while self.version == version and not self.closed:
            await self._next.wait()
        return self.version

    async def within(self, version: int, seconds: float) -> bool:
        """Wait as `after` does, but at most `seconds`; answer whether something newer came."""
        try:
            async with asyncio.timeout(seconds):
                await self.after(version)
        except TimeoutError:
            return False
        return True
