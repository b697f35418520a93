"""Labels: the different values of a column, in order, as the numbers 0, 1, 2, …"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.library.arrays.entries import Array, Entry
from engine.data.library.arrays.faults import refuse
from engine.data.library.arrays.scanning import MAX_CLASSES, FieldScan, write_name
from engine.data.library.arrays.values import flatten_column, make_keys

Key = str | int | float


@dataclass(frozen=True)
class Classes:
    """The values of a category in the order of their labels, and how they are called."""

    values: list[Key]
    names: list[str]

    def label(self, block: Array) -> Array:
        """The labels of a block of values, int32 of shape `(n,)`. All of them are known."""
        if self.values == list(range(len(self.values))):
            return block.astype(np.int32)
        numbers = {value: number for number, value in enumerate(self.values)}
        return np.array([numbers[key] for key in make_keys(block)], np.int32)


def find_classes(scans: Sequence[FieldScan], named: Entry | None) -> Classes:
    """The classes of a field, over its training and its test part. Raises `IssuesError` for what is no category."""
    first = scans[0]
    if first.entry.row_shape != ():
        raise refuse(
            "not_a_column",
            f"{first.entry.subject} has samples of shape {first.entry.row_shape}; expected one value per sample where"
            " values are classes.",
            "Read it as numbers.",
            first.field,
        )
    different: set[Key] = set()
    for scan in scans:
        if scan.values is None or len(different | set(scan.values)) > MAX_CLASSES:
            raise refuse(
                "too_many_classes",
                f"{scan.entry.subject} has more than {MAX_CLASSES:,} different values; expected at most that where"
                " values are classes.",
                "Read it as numbers." if not scan.entry.is_text else "Leave it out, or group its values.",
                scan.field,
            )
        different |= set(scan.values)
    values = sorted(different, key=lambda key: (isinstance(key, str), key))
    names = None if named is None else _read_names(named)
    if names is not None:
        return _apply_names(values, names, named, first)
    return Classes(values, [write_name(value) for value in values])


def _apply_names(values: list[Key], names: list[str], named: Entry | None, scan: FieldScan) -> Classes:
    for value in values:
        if not isinstance(value, int) or not 0 <= value < len(names):
            raise refuse(
                "no_class_name",
                f"{scan.entry.subject} has the value {value!r}, and {named.place if named else ''} names the classes 0"
                f" to {len(names) - 1:,}; expected a name for each value.",
                "Choose no array of class names, or another.",
                scan.field,
            )
    # Also those that no sample has: the file says that they exist.
    return Classes(list(range(len(names))), names)


def _read_names(entry: Entry) -> list[str]:
    if entry.row_shape != () or entry.samples > MAX_CLASSES:
        raise refuse(
            "no_class_names",
            f"{entry.subject} has the shape {entry.shape}; expected a column of at most {MAX_CLASSES:,} names.",
        )
    return [write_name(key) for block in entry.blocks(MAX_CLASSES) for key in make_keys(flatten_column(block))]
