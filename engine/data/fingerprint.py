"""A short text that says whether arrays are the same as at another time."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from engine.data.mapped import release
from engine.data.source import Array

BLOCK_BYTES = 1 << 16
BLOCK_TEXTS = 1 << 10
MAX_BLOCKS = 256
"""16 MiB of an array at most are read, however large it is; of texts a quarter of a million."""


def fingerprint(arrays: Mapping[str, Array] | Sequence[Array]) -> str:
    """128 bits in hexadecimal, the same wherever names or order, shapes, dtypes and numbers are.

    Of an array larger than `MAX_BLOCKS * BLOCK_BYTES` that many blocks are read, spread evenly from its beginning to
    its end: other data almost surely differs there, one changed number may lie between them. Strings and the like are
    compared as text.
    """
    digest = hashlib.blake2b(digest_size=16)
    named = arrays.items() if isinstance(arrays, Mapping) else enumerate(arrays)
    for name, array in named:
        digest.update(f"{name!r} {array.shape} {array.dtype.str};".encode())
        for block in _sample(np.asarray(array)):
            digest.update(block)
            # Linux brings in much more of a file than is read.
            release(array)
    return digest.hexdigest()


def _sample(array: Array) -> Iterator[bytes]:
    """The bytes of evenly spread blocks in the order of the array's indices, whatever its layout in memory."""
    # An object's bytes are its address, and an array of strings has room for the longest in each place.
    is_text = array.dtype.hasobject
    numbers = BLOCK_TEXTS if is_text else max(1, BLOCK_BYTES // max(1, array.dtype.itemsize))
    blocks = -(-array.size // numbers)
    # `flat` copies only what is asked for, also where the array is no contiguous piece of memory.
    places = range(blocks) if blocks <= MAX_BLOCKS else np.linspace(0, blocks - 1, MAX_BLOCKS).astype(int).tolist()
    for place in places:
        block = array.flat[place * numbers : (place + 1) * numbers]
        yield _write_texts(block) if is_text else block.tobytes()


def _write_texts(block: Array) -> bytes:
    texts = map(str, block.tolist())
    return "".join(f"{len(text)}:{text}" for text in texts).encode("utf-8", "surrogatepass")
