"""A look at an own data set: its first samples from the disk, all else from its manifest."""

import math

from pydantic import JsonValue

from engine.data.library.array_folder import ArrayFolder
from engine.data.library.growing_array import Array
from engine.data.library.library import find_folder, find_own, read_manifest
from engine.data.schema import DatasetPreview

MAX_ROWS = 100
MAX_VALUES = 2_000_000
"""So many numbers a preview has at most: of large images there are fewer rows."""

MAX_CHARACTERS = 1_000
"""What is shown of a text."""

DIGITS = 6


def preview_own(name: str, rows: int) -> DatasetPreview | None:
    """The first samples with what is known of all of them; None where there is no own data set of this name."""
    source, manifest, folder = find_own(name), read_manifest(name), find_folder(name)
    if source is None or manifest is None or folder is None:
        return None
    names = [one.name for one in [*manifest.inputs, *manifest.targets]]
    arrays = ArrayFolder(folder, names)
    numbers, texts = arrays.map(), arrays.map_texts()
    values = sum(math.prod(array.shape[1:]) for array in numbers.values())
    count = max(0, min(rows, MAX_ROWS, manifest.samples, max(1, MAX_VALUES // max(1, values))))
    shown: dict[str, list[JsonValue]] = {
        one: [_to_plain(numbers[one][row]) for row in range(count)]
        if one in numbers
        else [shorten(text) for text in texts[one].read(0, count)]
        for one in names
    }
    return DatasetPreview(
        **source.summarize().model_dump(),
        description=manifest.description,
        rows=[{one: shown[one][row] for one in names} for row in range(count)],
        statistics=manifest.statistics,
        class_names=list(source.class_names),
        class_counts=manifest.class_counts,
        text_statistics=manifest.text_statistics,
    )


def shorten(text: str) -> str:
    """As much of a text as a person reads in a preview."""
    return text if len(text) <= MAX_CHARACTERS else text[: MAX_CHARACTERS - 1] + "…"


def _to_plain(value: Array) -> JsonValue:
    plain: JsonValue = (value.round(DIGITS) if value.dtype.kind == "f" else value).tolist()
    return plain
