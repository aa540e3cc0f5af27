"""How long the parse of an env file takes."""

import time
from collections.abc import Iterator

from deploy.envfile.parser import parse

from .ground import Ground, env_file
from .row import Row

SIZES = (60, 600, 10_000)


def rows(ground: Ground, count: int) -> Iterator[Row]:
    del ground  # it is done in this process
    for size in SIZES:
        data = env_file(size).encode()
        yield Row(
            name=f"parser {size}",
            what=f"the parse of {size:,} entries: time an entry",
            figures=tuple(_seconds(data) / size * 1e6 for _ in range(count)),
            unit=" us",
        )


def _seconds(data: bytes) -> float:
    start = time.perf_counter()
    parse(data, source="benchmark")
    return time.perf_counter() - start
