"""A bounded load over loopback: signed notices on keep-alive connections, each with its own money."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from time import perf_counter

from gateways.casso import CASSO
from sales.clock import utc_now
from sales.transfer import Sighting
from tests.bench.server import BANK, SECRETS

_refs = count(1)


@dataclass(frozen=True, slots=True)
class Run:
    """Notices per second, and the latency that 99 of 100 stay below, in milliseconds."""

    rate: float
    p99: float


def notices(codes: Sequence[str]) -> list[bytes]:
    """Whole HTTP requests, made before the clock starts."""
    return [_request(code) for code in codes]


async def load(port: int, requests: Sequence[bytes], connections: int) -> Run:
    """Send all requests over so many connections, each waiting for its answer; every answer must be 200."""
    waiting = iter(requests)
    latencies: list[float] = []

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in waiting:
            begun = perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(_length(head))
            latencies.append(perf_counter() - begun)
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(head.decode())
        writer.close()

    begun = perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    seconds = perf_counter() - begun
    return Run(len(latencies) / seconds, sorted(latencies)[int(len(latencies) * 0.99)] * 1000)


def _request(code: str) -> bytes:
    sighting = Sighting("casso", str(next(_refs)), 79_000, "VND", BANK["bank_account"], f"CT {code}")
    notice = CASSO.forge(SECRETS, sighting, utc_now())
    headers = "".join(f"{name}: {value}\r\n" for name, value in notice.headers)
    head = f"POST /webhooks/main/casso HTTP/1.1\r\nHost: x\r\nContent-Length: {len(notice.body)}\r\n{headers}\r\n"
    return head.encode() + notice.body


def _length(head: bytes) -> int:
    return next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
