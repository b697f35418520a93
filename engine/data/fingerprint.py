"""A short text that says whether arrays are the same as at another time."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from engine.data.source import Array

BLOCK_BYTES = 1 << 16
MAX_BLOCKS = 256
"""16 MiB of an array at most are read, however large it is."""


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
    return digest.hexdigest()


def _sample(array: Array) -> Iterator[bytes]:
    """The bytes of evenly spread blocks in the order of the array's indices, whatever its layout in memory."""
    if array.dtype.hasobject:
        # An object's bytes are its address.
        array = array.astype(str)
    numbers = max(1, BLOCK_BYTES // max(1, array.dtype.itemsize))
    blocks = -(-array.size // numbers)
    # `flat` copies only what is asked for, also where the array is no contiguous piece of memory.
    places = range(blocks) if blocks <= MAX_BLOCKS else np.linspace(0, blocks - 1, MAX_BLOCKS).astype(int).tolist()
    for place in places:
        yield array.flat[place * numbers : (place + 1) * numbers].tobytes()
