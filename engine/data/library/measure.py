"""What the prepared arrays hold, read once and in pieces, so that a preview need not."""

import math
from collections.abc import Callable

import numpy as np

from engine.data.library.array_folder import Array
from engine.data.library.text_arrays import MappedTexts
from engine.data.library.text_counts import TextCounts
from engine.data.mapped import release
from engine.data.schema import ColumnStatistics, TextStatistics

PIECE_VALUES = 1_000_000
PIECE_TEXTS, PIECE_TEXT_BYTES = 100_000, 8 << 20
"""Texts that are held at once, and their bytes as they are on average."""


def measure_array(name: str, array: Array, tell: Callable[[int], None]) -> ColumnStatistics | None:
    """Range, mean and spread of all numbers that are there; None where there are none. `tell` hears of bytes read."""
    count, mean, squares = 0, 0.0, 0.0
    lowest, highest = math.inf, -math.inf
    rows = max(1, PIECE_VALUES // max(1, math.prod(array.shape[1:])))
    for start in range(0, len(array), rows):
        piece = np.asarray(array[start : start + rows])
        tell(piece.nbytes)
        values = piece.astype("float64").ravel()
        release(array)
        values = values[np.isfinite(values)]
        if not values.size:
            continue
        lowest, highest = min(lowest, float(values.min())), max(highest, float(values.max()))
        # Chan's way to join two sets: the sum of squares alone loses all digits where the mean is large.
        total, own = count + values.size, float(values.mean())
        squares += float(np.square(values - own).sum()) + (own - mean) ** 2 * count * values.size / total
        mean += (own - mean) * values.size / total
        count = total
    if not count:
        return None
    return ColumnStatistics(array=name, minimum=lowest, maximum=highest, mean=mean, std=math.sqrt(squares / count))


def count_classes(labels: Array, classes: int) -> list[int]:
    """How many samples each class has."""
    counts = np.zeros(classes, "int64")
    for start in range(0, len(labels), PIECE_VALUES):
        piece = np.asarray(labels[start : start + PIECE_VALUES]).ravel().astype("int64")
        release(labels)
        counts += np.bincount(piece[(piece >= 0) & (piece < classes)], minlength=classes)
    found: list[int] = counts.tolist()
    return found


def measure_texts(name: str, texts: MappedTexts, tell: Callable[[int], None]) -> TextStatistics:
    """Lengths of all texts, and which are there most often. `tell` hears of bytes read."""
    counts = TextCounts()
    rows = max(1, min(PIECE_TEXTS, PIECE_TEXT_BYTES * len(texts) // max(1, texts.nbytes)))
    for start in range(0, len(texts), rows):
        counts.add(texts.read(start, start + rows).tolist())
        tell(texts.nbytes * rows // max(1, len(texts)))
    return counts.summarise(name)
