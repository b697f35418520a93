"""What is known of all the images of a folder."""

import math
from collections.abc import Sequence

import numpy as np

from engine.data.library.images.decoding import Pixels
from engine.data.library.manifest import FieldSummary, Histogram

IMAGE = "image"
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
