"""Reads the arrays of a data set of one's own from its folder."""

from pathlib import Path

import numpy as np

MAX_SHARED_LENGTH = 64
"""Characters of a string that is held once, however often it is there: the values of a category are."""


def load_own_arrays(folder: str, names: list[str]) -> dict[str, np.ndarray]:
    """Map the arrays of a folder into memory: `0.npy` is the first of the names, `1.npy` the second.

    Texts are read: `2.utf8.npy` has their bytes, one text after the other, and `2.ends.npy` where each of them ends.
    """
    return {name: load_own_array(Path(folder), number) for number, name in enumerate(names)}


def load_own_array(folder: Path, number: int) -> np.ndarray:
    """Numbers as they lie on the disk; texts as objects, shape (samples,)."""
    path = folder / f"{number}.npy"
    if path.exists():
        numbers: np.ndarray = np.load(path, mmap_mode="r")
        return numbers
    ends = np.load(folder / f"{number}.ends.npy")
    return read_texts(np.load(folder / f"{number}.utf8.npy", mmap_mode="r"), ends, 0, len(ends))


def read_texts(encoded: np.ndarray, ends: np.ndarray, start: int, stop: int) -> np.ndarray:
    """The texts from number `start` up to `stop`."""
    texts = np.empty(stop - start, dtype=object)
    view = np.ascontiguousarray(encoded).data
    seen: dict[str, str] = {}
    begin = int(ends[start - 1]) if start else 0
    for place, end in enumerate(ends[start:stop].tolist()):
        text = str(view[begin:end], "utf-8")
        texts[place] = seen.setdefault(text, text) if end - begin <= MAX_SHARED_LENGTH else text
        begin = end
    return texts
