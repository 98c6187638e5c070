"""`make bench`: everything that is promised about speed, measured in one run; `python -m tests.bench card …` for parts.

It measures and says; it fails only when something does not work at all.
"""

import platform
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import card, drain, memory, settle, update
from tests.bench.cores import ALL

PARTS: dict[str, Callable[[Path], Iterable[str]]] = {
    "settle": settle.told,
    "card": lambda _: card.told(),
    "update": update.told,
    "drain": drain.told,
    "memory": lambda _: memory.told(),
}


def main(chosen: list[str]) -> None:
    print(f"Python {platform.python_version()}, {platform.machine()}, {len(ALL)} cores", flush=True)
    for name in chosen or PARTS:
        with TemporaryDirectory(prefix="chotdon-bench-") as folder:
            for line in PARTS[name](Path(folder)):
                print(line, flush=True)
        print(flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
