"""What is known of the labels of a folder with a folder for each class."""

import heapq
from collections.abc import Sequence

from engine.data.library.manifest import FieldSummary

LABEL = "label"

MAX_CLASSES_SHOWN = 1_000


def summarize_labels(class_names: Sequence[str], counts: Sequence[int]) -> FieldSummary:
    """The field of labels; of more than 1,000 classes the most frequent ones."""
    shown = sorted(heapq.nlargest(MAX_CLASSES_SHOWN, range(len(class_names)), key=lambda number: counts[number]))
    return FieldSummary(
        name=LABEL,
        kind="category",
        dtype="int32",
        unique=len(class_names),
        classes=[class_names[number] for number in shown],
        class_counts=[counts[number] for number in shown],
    )
