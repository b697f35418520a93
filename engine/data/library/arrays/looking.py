"""A quick look at the arrays: the first samples of each, and what is proposed from them."""

from contextlib import closing
from dataclasses import dataclass, field

from pydantic import JsonValue

from engine.data.library.arrays.entries import Array, Entry, make_printable
from engine.data.library.arrays.opening import OpenFiles
from engine.data.library.arrays.options import ArrayOptions
from engine.data.library.arrays.proposals import (
    propose_arrays,
    propose_class_names,
    propose_reading,
    propose_test,
)
from engine.data.library.arrays.scanning import FieldScan, start_histogram
from engine.data.library.arrays.values import flatten_column, make_keys, make_numbers
from engine.data.library.manifest import Definition, FieldSummary
from engine.data.library.option_reading import read_options
from engine.errors import IssuesError
from engine.graph.issues import Issue

COLUMN_BYTES = 8 * 2**20
"""Of a column much is read, for its values may be sorted."""

COLUMN_ROWS = 2**20
ARRAY_BYTES = 2 * 2**20
BUDGET_BYTES = 128 * 2**20
"""What is read of all arrays together."""

MAX_ROWS = 8
MAX_SHOWN_VALUES = 64 * 64 * 3
"""Values of one sample that are shown as they are: a small picture."""

DIGITS = 6


@dataclass
class Look:
    """What was seen of each field. `beginnings` are the first samples that are shown."""

    scans: dict[str, FieldScan] = field(default_factory=dict)
    summaries: list[FieldSummary] = field(default_factory=list)
    beginnings: dict[str, Array] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


def look_at(opened: OpenFiles) -> Look:
    """Reads the beginning of every array, some hundred MB together at most, one array at a time."""
    look = Look()
    budget = BUDGET_BYTES
    for name, entry in opened.entries.items():
        scan = FieldScan(name, entry)
        histogram = None
        if budget > 0 and not entry.has_slow_start:
            try:
                block = _read_beginning(entry)
                budget -= block.nbytes
                scan.add(block)
                look.beginnings[name] = flatten_column(block)[:MAX_ROWS].copy()
                if not entry.is_text and (counting := start_histogram(scan)) is not None:
                    counting.add(block)
                    histogram = counting.make()
            except IssuesError as error:
                # Where it is chosen, preparing comes upon it again, as an error.
                look.issues += [one.model_copy(update={"severity": "warning"}) for one in error.issues]
        look.scans[name] = scan
        is_category = propose_reading(scan, as_target=True) == "category" and scan.values
        classes = sorted(scan.values or {}, key=lambda key: (isinstance(key, str), key)) if is_category else None
        look.summaries.append(scan.summarize(classes, histogram))
    return look


def settle(opened: OpenFiles, look: Look, definition: Definition | None) -> tuple[Definition, ArrayOptions]:
    """The definition with all that it left open found out. Raises `IssuesError` `invalid_option`."""
    given = {} if definition is None else definition.options
    options = read_options(ArrayOptions, "arrays", given)
    if "test" not in given:
        options.test = propose_test(opened)
    inputs, targets = ([], []) if definition is None else (definition.inputs, definition.targets)
    if not inputs and not targets:
        inputs, targets = propose_arrays(opened, look.scans, options)
    target = look.scans.get(targets[0].fields[0]) if targets else None
    if "class_names" not in given and target is not None:
        options.class_names = propose_class_names(opened, target, [*options.test.values()])
    for one, as_target in [*((one, False) for one in inputs), *((one, True) for one in targets)]:
        for name in one.fields:
            scan = look.scans.get(name)
            if name not in options.read_as and scan is not None and len(one.fields) == 1:
                reading = propose_reading(scan, as_target)
                if reading is not None:
                    options.read_as[name] = reading
    return Definition(kind="arrays", options=options.model_dump(mode="json"), inputs=inputs, targets=targets), options


def list_rows(look: Look, samples: int | None, options: ArrayOptions) -> list[dict[str, JsonValue]]:
    """The first samples for training, a dict each, with all arrays that have as many samples (any, where None).

    What has more values than a small picture is named by its type and shape.
    """
    apart = {*options.test.values(), options.class_names}
    shown = {
        name: block
        for name, block in look.beginnings.items()
        if name not in apart and samples in (None, look.scans[name].entry.samples)
    }
    count = max((len(one) for one in shown.values()), default=0)
    return [
        {name: _show(block[row : row + 1]) for name, block in shown.items() if row < len(block)} for row in range(count)
    ]


def _read_beginning(entry: Entry) -> Array:
    most = COLUMN_BYTES if entry.row_shape == () else ARRAY_BYTES
    rows = max(1, min(COLUMN_ROWS, most // max(1, entry.row_bytes)))
    with closing(entry.blocks(rows)) as blocks:
        return next(blocks)


def _show(block: Array) -> JsonValue:
    """One sample, as a block of shape `(1, …)`, with NaN and infinity as null."""
    if block.dtype.kind in "SUO":
        return str(make_keys(block)[0])
    if block[0].size > MAX_SHOWN_VALUES:
        return make_printable(block.shape[1:], block.dtype)
    if block.dtype.kind == "f":
        block = make_numbers(block, "float64").round(DIGITS)
    return _replace_endless(block[0].tolist())


def _replace_endless(value: JsonValue) -> JsonValue:
    if isinstance(value, list):
        return [_replace_endless(one) for one in value]
    return None if isinstance(value, float) and (value != value or abs(value) == float("inf")) else value
