"""What is known of the two fields of a folder of images: the image and its label."""

import math
from collections.abc import Sequence

import numpy as np

from engine.data.library.images.decoding import Pixels
from engine.data.library.manifest import FieldSummary, Histogram

IMAGE, LABEL = "image", "label"
FIELDS = (IMAGE, LABEL)

MAX_CLASSES_SHOWN = 1_000
BIN = 16


class PixelCounts:
    """How often each of the 256 values is there, of which all statistics are made."""

    def __init__(self) -> None:
        self._counts = np.zeros(256, "int64")

    def add(self, pixels: Pixels) -> None:
        """Counts an image."""
        self._counts += np.bincount(pixels.ravel(), minlength=256)

    def summarize(self, shape: Sequence[int]) -> FieldSummary:
        """The field of images that have this shape."""
        there = np.flatnonzero(self._counts)
        values, total = np.arange(256), int(self._counts.sum())
        mean = float((values * self._counts).sum() / total)
        variance = float((np.square(values - mean) * self._counts).sum() / total)
        return FieldSummary(
            name=IMAGE,
            kind="image",
            shape=list(shape),
            dtype="uint8",
            minimum=float(there[0]),
            maximum=float(there[-1]),
            mean=mean,
            std=math.sqrt(variance),
            histogram=Histogram(
                edges=[float(edge) for edge in range(0, 257, BIN)],
                counts=self._counts.reshape(-1, BIN).sum(axis=1).tolist(),
            ),
        )


def summarize_labels(class_names: Sequence[str], counts: Sequence[int]) -> FieldSummary:
    """The field of labels; of more than 1,000 classes the most frequent ones."""
    shown = range(len(class_names))
    if len(class_names) > MAX_CLASSES_SHOWN:
        shown = sorted(sorted(shown, key=lambda number: -counts[number])[:MAX_CLASSES_SHOWN])  # type: ignore[assignment]
    return FieldSummary(
        name=LABEL,
        kind="category",
        dtype="int32",
        unique=len(class_names),
        classes=[class_names[number] for number in shown],
        class_counts=[counts[number] for number in shown],
    )
