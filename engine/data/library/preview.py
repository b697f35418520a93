"""A look at an own data set: its first samples from the disk, all else from its manifest."""

import math

from engine.data.library.library import find_own, read_manifest
from engine.data.schema import DatasetPreview
from engine.data.source import Array

MAX_ROWS = 100
MAX_VALUES = 2_000_000
"""So many numbers a preview has at most: of large images there are fewer rows."""

DIGITS = 6


def preview_own(name: str, rows: int) -> DatasetPreview | None:
    """The first samples with what is known of all of them; None where there is no own data set of this name."""
    source, manifest = find_own(name), read_manifest(name)
    if source is None or manifest is None:
        return None
    arrays = source.read({})
    shown: dict[str, Array] = {**arrays.inputs, **arrays.targets}
    values = sum(math.prod(array.shape[1:]) for array in shown.values())
    count = min(rows, MAX_ROWS, manifest.samples, max(1, MAX_VALUES // max(1, values)))
    return DatasetPreview(
        **source.summarize().model_dump(),
        description=manifest.description,
        rows=[{key: _to_plain(array[index]) for key, array in shown.items()} for index in range(count)],
        statistics=manifest.statistics,
        class_names=list(source.class_names),
        class_counts=manifest.class_counts,
    )


def _to_plain(value: Array) -> object:
    return (value.round(DIGITS) if value.dtype.kind == "f" else value).tolist()
