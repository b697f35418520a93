"""What is known of the texts of a folder after they were read."""

import numpy as np

from engine.data.library.manifest import FieldSummary, Histogram
from engine.data.library.text_arrays import TEXT as STRING
from engine.data.library.text_counts import TextCounts

TEXT = "text"
"""The name of the field."""

BINS = 20


class TextLengths:
    """The length of every text, in characters."""

    def __init__(self) -> None:
        self._lengths: list[int] = []
        self._counts = TextCounts()

    def add(self, text: str) -> None:
        """Takes note of a text."""
        self._lengths.append(len(text))
        self._counts.add([text])

    def summarize(self, missing: int) -> FieldSummary:
        """The field of texts; `missing` counts files that are left out."""
        found = FieldSummary(name=TEXT, kind="text", dtype=STRING, missing=missing, unique=self._counts.unique)
        if not self._lengths:
            return found
        lengths = np.array(self._lengths)
        counts, edges = np.histogram(lengths, BINS if lengths.min() < lengths.max() else 1)
        known = {
            "minimum": float(lengths.min()),
            "maximum": float(lengths.max()),
            "mean": float(lengths.mean()),
            "std": float(lengths.std()),
            "histogram": Histogram(edges=edges.tolist(), counts=counts.tolist()),
        }
        return found.model_copy(update=known)


def is_empty(text: str) -> bool:
    """Whether there is nothing to read."""
    return not text.strip()
