"""Prepared samples in another order, without holding them in memory."""

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.data.library.array_folder import ArrayFolder
from engine.data.library.growing_array import Array, GrowingArray
from engine.data.library.text_arrays import GrowingTexts, MappedTexts
from engine.data.mapped import release

PIECE_BYTES = 32 << 20
"""Samples of one array that are held at once."""

MAX_PILES = 500
"""Files that are open at once."""

TEXTS_AT_ONCE = 10_000

Order = npt.NDArray[np.int64]
Tell = Callable[[float], None]


def shuffle_samples(folder: ArrayFolder, names: Sequence[str], samples: int, seed: int, tell: Tell) -> None:
    """Puts the samples of all arrays into the order that numpy's `permutation` gives for this seed.

    Each array is written anew beside itself, so the disk needs room for the largest one three times. Memory: 16 bytes
    for each sample, and some pieces of the arrays. `tell` hears which share of the work is done.
    """
    order = np.random.default_rng(seed).permutation(samples)
    places = np.empty_like(order)
    places[order] = np.arange(samples)
    for number, name in enumerate(names):

        def tell_share(share: float, done: int = number) -> None:
            tell((done + share) / len(names))

        numbers, texts = folder.map(), folder.map_texts()
        with folder.replace(name) as growing:
            if isinstance(growing, GrowingTexts):
                _reorder_texts(texts[name], order, growing, tell_share)
            else:
                _reorder(numbers[name], order, places, growing, tell_share)


def _reorder(array: Array, order: Order, places: Order, into: GrowingArray, tell: Tell) -> None:
    """Deals the samples out onto piles, by the part of the new array that they come to; then each pile is sorted.

    So files are only ever read and written from their beginning to their end.
    """
    per_sample = max(1, array.nbytes // max(1, len(array)))
    piles = min(MAX_PILES, -(-array.nbytes // PIECE_BYTES) or 1)
    per_pile = -(-len(array) // piles)
    at_once = max(1, PIECE_BYTES // per_sample)
    with tempfile.TemporaryDirectory() as scratch:
        paths = [Path(scratch) / f"{pile}.npy" for pile in range(piles)]
        with ExitStack() as opened:
            growing = [opened.enter_context(GrowingArray(path, array.shape[1:], array.dtype)) for path in paths]
            for start in range(0, len(array), at_once):
                pile = places[start : start + at_once] // per_pile
                piece = np.asarray(array[start : start + at_once])[np.argsort(pile, kind="stable")]
                for one, dealt in zip(
                    growing, np.split(piece, np.bincount(pile, minlength=piles).cumsum()), strict=False
                ):
                    one.append(dealt)
                release(array)
                tell(0.5 * min(1.0, (start + at_once) / len(array)))
        for number, path in enumerate(paths):
            mine = order[number * per_pile : (number + 1) * per_pile]
            # A pile is in the order of the old array: each of its samples lies as far in it as there are earlier ones.
            into.append(np.load(path)[np.argsort(np.argsort(mine))])
            path.unlink()
            tell(0.5 + 0.5 * (number + 1) / piles)


def _reorder_texts(texts: MappedTexts, order: Order, into: GrowingTexts, tell: Tell) -> None:
    """Reads them one by one: their amount is limited, so the system holds most of the file in memory."""
    for start in range(0, len(order), TEXTS_AT_ONCE):
        into.append(str(texts.read(place, place + 1)[0]) for place in order[start : start + TEXTS_AT_ONCE])
        tell(min(1.0, (start + TEXTS_AT_ONCE) / len(order)))
