"""A closed-loop load over loopback, on plain sockets and epoll so that it is never the bottleneck.

Each connection sends its next request when the answer to the last one is there. A server that closes after an
answer, as gunicorn's default workers do, is connected to again, and that time counts.
"""

import re
import selectors
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter, process_time

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Run:
    """Answers per second; milliseconds that half and 99 of 100 stay below; the share of its core the load used."""

    rate: float
    p50: float
    p99: float
    busy: float


class _Line:
    """One connection with one request under way."""

    def __init__(self, port: int, selector: selectors.BaseSelector) -> None:
        self._port = port
        self._selector = selector
        self._socket: socket.socket | None = None
        self._answer = b""
        self.begun = 0.0

    def send(self, request: bytes) -> None:
        self.begun = perf_counter()
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), PATIENCE)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(self._socket, selectors.EVENT_READ, self)
        self._answer = b""
        self._socket.sendall(request)

    def answered(self) -> bool:
        """Take what has come; True when the answer, which must be 200, is whole."""
        assert self._socket is not None
        piece = self._socket.recv(65_536)
        self._answer += piece
        head, blank, body = self._answer.partition(b"\r\n\r\n")
        if not blank and piece:
            return False
        length = LENGTH.search(head)
        if not head.startswith(b"HTTP/1.1 200") or length is None:
            raise RuntimeError(self._answer.decode(errors="replace"))
        whole = len(body) >= int(length[1])
        if not piece or (whole and b"connection: close" in head.lower()):
            self.close()
        return whole

    def close(self) -> None:
        if self._socket is not None:
            self._selector.unregister(self._socket)
            self._socket.close()
            self._socket = None


def load(port: int, requests: Sequence[bytes], connections: int) -> Run:
    """Send all requests over so many connections."""
    waiting = iter(requests)
    with selectors.DefaultSelector() as selector:
        lines = [_Line(port, selector) for _ in range(connections)]
        begun, worked = perf_counter(), process_time()
        try:
            latencies = _drive(selector, lines, waiting)
            seconds, worked = perf_counter() - begun, process_time() - worked
        finally:
            for line in lines:
                line.close()
    latencies.sort()
    assert len(latencies) == len(requests), "every request has its answer"
    p50, p99 = (latencies[int(len(latencies) * share)] * 1000 for share in (0.5, 0.99))
    return Run(len(latencies) / seconds, p50, p99, worked / seconds)


def _drive(selector: selectors.BaseSelector, lines: Sequence[_Line], waiting: Iterator[bytes]) -> list[float]:
    latencies: list[float] = []
    running = 0
    for line, request in zip(lines, waiting, strict=False):
        line.send(request)
        running += 1
    while running:
        ready = selector.select(PATIENCE)
        if not ready:
            raise TimeoutError("no answer")
        for key, _ in ready:
            line: _Line = key.data
            if line.answered():
                latencies.append(perf_counter() - line.begun)
                running -= 1
                if (request := next(waiting, None)) is not None:
                    line.send(request)
                    running += 1
    return latencies
