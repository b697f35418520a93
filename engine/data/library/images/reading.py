"""Reads images in a given order, several at a time, never more than a few ahead."""

import hashlib
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from engine.data.library.folders.layout import Sample
from engine.data.library.folders.members import Container
from engine.data.library.images.decoding import Pixels, Wish, decode
from engine.errors import IssuesError

MAX_THREADS = 4
AHEAD = 2
"""Images per thread that wait to be written."""


@dataclass(frozen=True, slots=True)
class Read:
    """An image, or what is wrong with it. `digest` tells files with the same bytes."""

    sample: Sample
    digest: bytes
    pixels: Pixels | None
    fault: IssuesError | None = None


def read_images(container: Container, samples: Sequence[Sample], wish: Wish) -> Iterator[Read]:
    """All images in this order. Memory: a few images per thread, and one that is large."""
    threads = min(MAX_THREADS, os.cpu_count() or 1)
    with ThreadPoolExecutor(threads, thread_name_prefix="images") as pool:
        pending: deque[Future[Read]] = deque()
        for sample in samples:
            pending.append(pool.submit(_read, container, sample, wish))
            if len(pending) > threads * AHEAD:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def _read(container: Container, sample: Sample, wish: Wish) -> Read:
    digest = b""
    try:
        data = container.read(sample.member)
        digest = hashlib.blake2b(data, digest_size=16).digest()
        return Read(sample, digest, decode(data, sample.member.name, wish))
    except IssuesError as error:
        return Read(sample, digest, None, error)
