"""What the shop counts, in the text format of Prometheus."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
Reader = Callable[[], Awaitable[Mapping[str, float]]]
"""Answers the value of each gauge by its name."""

_log = structlog.get_logger()


class Metrics:
    """One application's numbers, in a registry of its own so that two applications never mix theirs."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._notices = Counter(
            "chotdon_notices", "Notices of gateways by verdict", ("gateway", "verdict"), registry=self.registry
        )
        self._watched: list[tuple[Mapping[str, Gauge], Reader]] = []
        self._reading: asyncio.Task[bytes] | None = None

    def count_notice(self, gateway: str, verdict: str) -> None:
        """Count one notice; `gateway` must be a registered name: senders choose no label."""
        self._notices.labels(gateway, verdict).inc()

    def watch(self, meanings: Mapping[str, str], reader: Reader) -> None:
        """Add gauges by name and meaning, such as `chotdon_outbox_ready`; `reader` is asked once each time."""
        gauges = {name: Gauge(name, meaning, registry=self.registry) for name, meaning in meanings.items()}
        self._watched.append((gauges, reader))

    async def text(self, patience: float) -> bytes:
        """Read every gauge and print all; what fails or takes over `patience` seconds is NaN, not stale.

        Who asks while somebody else's reading is under way gets that one: askers cost buyers no readers.
        """
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read_all(patience))
        return await asyncio.shield(self._reading)

    async def _read_all(self, patience: float) -> bytes:
        values = await asyncio.gather(*(_read(gauges, reader, patience) for gauges, reader in self._watched))
        for (gauges, _), told in zip(self._watched, values, strict=True):
            for name, gauge in gauges.items():
                gauge.set(told.get(name, math.nan))
        return generate_latest(self.registry)


async def _read(gauges: Mapping[str, Gauge], reader: Reader, patience: float) -> Mapping[str, float]:
    try:
        async with asyncio.timeout(patience):
            return await reader()
    except Exception as error:
        _log.warning("metrics.unreadable", gauges=sorted(gauges), error=type(error).__name__)
        return {}
