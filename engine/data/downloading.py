"""What Keras downloads: told of while it comes, and taken from another place where the owner of the server says so."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import keras
from keras.src.utils import file_utils

PATIENCE_S = 60.0
"""So long a server may say nothing. Without a limit a network that swallows everything is waited for for ever."""

Report = Callable[[int, int, int], object]
"""Is told how many blocks have come, how large they are, and how large the file is; -1 where nobody knows."""


@dataclass
class Arrived:
    """Bytes of all files so far, and of those that are expected as far as their servers have said."""

    tell: Callable[[int, int | None], None]
    earlier: int = 0
    now: int = 0
    totals: list[int] = field(default_factory=list)

    def hear(self, blocks: int, size: int, total: int) -> None:
        """Of one file, as `urlretrieve` tells it."""
        if blocks == 0:
            self.earlier, self.now = self.earlier + self.now, 0
            self.totals.append(total)
        self.now = blocks * size if total < 0 else min(blocks * size, total)
        known = all(one >= 0 for one in self.totals)
        if blocks:
            self.tell(self.earlier + self.now, sum(self.totals) if known else None)


@contextmanager
def watch_downloads(tell: Callable[[int, int | None], None], mirror: str | None = None) -> Iterator[None]:
    """Tells of the bytes that Keras's `get_file` has fetched, and of how many there are, while the block lasts.

    With a `mirror` each file is taken from below that address, by its own name. Which file it is Keras and
    `engine.data.cache` still tell by its hash. For a process of its own: Keras's module is changed meanwhile.
    """
    fetch, arrived = file_utils.urlretrieve, Arrived(tell)

    def retrieve(address: str, place: str, report: Report | None = None) -> object:
        def hear(blocks: int, size: int, total: int) -> None:
            arrived.hear(blocks, size, total)
            if report is not None:
                report(blocks, size, total)

        return fetch(address if mirror is None else place_in(mirror, address), place, hear)

    waited = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PATIENCE_S)
    file_utils.urlretrieve = retrieve
    # A progress bar is for whoever looks at Keras's own output, and this is the server's.
    keras.config.disable_interactive_logging()
    try:
        yield
    finally:
        file_utils.urlretrieve = fetch
        socket.setdefaulttimeout(waited)


def place_in(mirror: str, address: str) -> str:
    """Where a mirror has the file of an address."""
    return f"{mirror.rstrip('/')}/{address.rpartition('/')[2]}"
