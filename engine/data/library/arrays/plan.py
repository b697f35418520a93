"""What is to be made of which arrays, checked against the files before anything is read whole."""

from dataclasses import dataclass
from itertools import chain
from math import prod

from engine.data.library.arrays.entries import Entry, make_printable
from engine.data.library.arrays.faults import refuse
from engine.data.library.arrays.opening import OpenFiles
from engine.data.library.arrays.options import ArrayOptions
from engine.data.library.manifest import ArrayPlan, Definition

PIECE_BYTES = 8 * 2**20
PIECE_VALUES = 2**20
MAX_PIECE_ROWS = 65_536


@dataclass(frozen=True)
class Part:
    """The training part, or the test part: for each field of the definition the array with its samples."""

    entries: dict[str, Entry]

    @property
    def samples(self) -> int:
        """As many as each of the arrays has."""
        return next(iter(self.entries.values())).samples

    @property
    def rows_at_once(self) -> int:
        """Samples in a block: some megabytes for all arrays together, also while values are of eight bytes each."""
        row_bytes = sum(entry.row_bytes for entry in self.entries.values())
        row_values = max(prod(entry.row_shape) for entry in self.entries.values())
        return max(1, min(MAX_PIECE_ROWS, PIECE_BYTES // max(1, row_bytes), PIECE_VALUES // row_values))


@dataclass(frozen=True)
class Plan:
    """The definition with the arrays that it names. `test` is None where no samples are kept apart."""

    inputs: list[ArrayPlan]
    targets: list[ArrayPlan]
    options: ArrayOptions
    training: Part
    test: Part | None
    class_names: Entry | None


def make_plan(opened: OpenFiles, definition: Definition, options: ArrayOptions) -> Plan:
    """Checks that the arrays are there, fit together, and are as long as each other. Raises `IssuesError`."""
    for what, plans in (("input", definition.inputs), ("target", definition.targets)):
        if not plans:
            raise refuse(
                "no_arrays",
                f"No array is chosen as {what}; expected at least one.",
                f"There are {', '.join(repr(one) for one in list(opened.entries)[:20]) or 'none that can be used'}.",
            )
    fields = list(dict.fromkeys(chain.from_iterable(one.fields for one in [*definition.inputs, *definition.targets])))
    training = Part({field: opened.find(field) for field in fields})
    _check_lengths(training)
    for one in [*definition.inputs, *definition.targets]:
        _check_side_by_side(one, training)
    test = _plan_test(opened, options, training) if options.test else None
    for field in options.read_as:
        opened.find(field)
    names = None if options.class_names is None else opened.find(options.class_names)
    return Plan(definition.inputs, definition.targets, options, training, test, names)


def _plan_test(opened: OpenFiles, options: ArrayOptions, training: Part) -> Part | None:
    fields = list(training.entries)
    wanted = [field for field in fields if field in options.test]
    if not wanted:
        return None
    if lacking := [field for field in fields if field not in options.test]:
        raise refuse(
            "no_test_array",
            f"The array {lacking[0]!r} has no array with its samples for the test, and {wanted[0]!r} has; expected one"
            " for each, or for none.",
            field=lacking[0],
        )
    test = Part({field: opened.find(options.test[field]) for field in fields})
    _check_lengths(test)
    for field, entry in test.entries.items():
        ours = training.entries[field]
        if entry.row_shape != ours.row_shape or entry.is_text != ours.is_text:
            raise refuse(
                "other_shape",
                f"For the test, {entry.place} has samples of {make_printable(entry.row_shape, entry.dtype)}; expected"
                f" {make_printable(ours.row_shape, ours.dtype)} as in {ours.place}.",
                field=options.test[field],
            )
    return test


def _check_lengths(part: Part) -> None:
    first = next(iter(part.entries.values()))
    for field, entry in part.entries.items():
        if entry.samples != first.samples:
            raise refuse(
                "other_length",
                f"Samples lie along axis 0: {first.place} has {first.samples:,} of them and {entry.place} has"
                f" {entry.samples:,}; expected as many in each.",
                "Choose arrays that belong together.",
                field,
            )


def _check_side_by_side(plan: ArrayPlan, part: Part) -> None:
    if len(plan.fields) == 1:
        return
    for field in plan.fields:
        entry = part.entries[field]
        if len(entry.row_shape) > 1 or entry.is_text:
            raise refuse(
                "not_side_by_side",
                f"The array {plan.name!r} is made of several, so each has to have one number or one row of them per"
                f" sample; {entry.place} has {make_printable(entry.row_shape, entry.dtype)}.",
                "Make it an array of its own.",
                field,
            )
