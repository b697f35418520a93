"""What is known of the labels of a folder with a folder for each class."""

from collections.abc import Sequence

from engine.data.library.manifest import FieldSummary

LABEL = "label"

MAX_CLASSES_SHOWN = 1_000


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
