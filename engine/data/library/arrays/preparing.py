"""Two passes over the arrays: the first finds ranges, classes and what is missing, the second writes."""

import math
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field

import numpy as np

from engine.data.library.array_folder import TEST, TRAINING, ArrayFolder
from engine.data.library.arrays.classes import Classes, Key, find_classes
from engine.data.library.arrays.entries import Array
from engine.data.library.arrays.faults import refuse, tell
from engine.data.library.arrays.plan import Part, Plan
from engine.data.library.arrays.proposals import propose_reading
from engine.data.library.arrays.scanning import FieldScan, start_histogram
from engine.data.library.arrays.values import find_lacking, find_stored_dtype, flatten_column, make_numbers
from engine.data.library.kinds import Prepared, Progress
from engine.data.library.manifest import ArrayPlan, FieldSummary, PreparedArray
from engine.data.schema import Task
from engine.graph.issues import Issue

BINARY = 2

Blocks = dict[str, Array]


@dataclass
class PartScan:
    """What the first pass found in a part. `lacking` counts the samples without a value, `first` is one of them."""

    fields: dict[str, FieldScan]
    lacking: int = 0
    first: tuple[str, int] | None = None


@dataclass(frozen=True)
class Column:
    """How one array is written: as labels where it has classes, otherwise as numbers side by side."""

    plan: ArrayPlan
    prepared: PreparedArray
    classes: Classes | None

    def make(self, blocks: Blocks) -> Array:
        """The array's samples out of those of its fields."""
        if self.classes is not None:
            return self.classes.label(blocks[self.plan.fields[0]])
        pieces = [make_numbers(blocks[one], self.prepared.dtype) for one in self.plan.fields]
        if len(pieces) == 1:
            return pieces[0].reshape(len(pieces[0]), *self.prepared.shape)
        return np.concatenate([piece.reshape(len(piece), -1) for piece in pieces], axis=1)


@dataclass
class Preparation:
    """Everything between the files and the arrays on disk."""

    plan: Plan
    arrays: ArrayFolder
    progress: Progress
    notes: list[Issue] = field(default_factory=list)
    _done: int = 0

    def run(self) -> Prepared:
        """Reads twice and writes once. Raises `IssuesError`."""
        training = self._scan(self.plan.training)
        test = self._scan(self.plan.test) if self.plan.test else None
        classes = self._find_classes(training, test)
        inputs = [self._plan_column(one, training, test, classes, as_target=False) for one in self.plan.inputs]
        targets = [self._plan_column(one, training, test, classes, as_target=True) for one in self.plan.targets]
        self._note_classes(training, test, classes)
        samples, summaries = self._write([*inputs, *targets], self.plan.training, TRAINING, training, classes)
        test_samples = 0
        if self.plan.test is not None and test is not None:
            test_samples, _ = self._write([*inputs, *targets], self.plan.test, TEST, test, classes)
        return Prepared(
            task=_find_task(targets[0].prepared),
            samples=samples,
            fields=summaries,
            inputs=[one.prepared for one in inputs],
            targets=[one.prepared for one in targets],
            test_samples=test_samples,
            notes=self.notes,
        )

    def _scan(self, part: Part) -> PartScan:
        found = PartScan({name: FieldScan(name, entry) for name, entry in part.entries.items()})
        start = 0
        for blocks in self._go_through(part):
            for name, block in blocks.items():
                found.fields[name].add(block)
            self._look_for_missing(found, blocks, start)
            start += len(next(iter(blocks.values())))
        self._judge_missing(part, found)
        return found

    def _look_for_missing(self, found: PartScan, blocks: Blocks, start: int) -> None:
        lacking = np.zeros(len(next(iter(blocks.values()))), bool)
        for name, block in blocks.items():
            here = find_lacking(block)
            if found.first is None and here.any():
                found.first = (name, start + int(here.argmax()))
            lacking |= here
        found.lacking += int(lacking.sum())

    def _judge_missing(self, part: Part, found: PartScan) -> None:
        if found.first is None:
            return
        name, row = found.first
        entry = part.entries[name]
        what = (
            f"{found.lacking:,} of {part.samples:,} samples have NaN, infinity, or a number too large for float32; the"
            f" first is sample {row:,} of {entry.place}"
        )
        match self.plan.options.missing:
            case "refuse":
                raise refuse(
                    "missing_values",
                    f"{what}. Expected finite numbers.",
                    "Set the option 'missing' to 'drop' to leave those samples out, or to 'keep'.",
                    name,
                )
            case "drop" if found.lacking == part.samples:
                raise refuse("missing_values", f"{what}: none would be left.", field=name)
            case "drop":
                self.notes.append(tell("samples_dropped", f"{what}. They were left out.", field=name))
            case "keep":
                self.notes.append(tell("missing_values", f"{what}. They were kept.", field=name))

    def _find_classes(self, training: PartScan, test: PartScan | None) -> dict[str, Classes]:
        """The classes of each field that is read as a category."""
        found: dict[str, Classes] = {}
        targets = {name for one in self.plan.targets for name in one.fields}
        for name, scan in training.fields.items():
            reading = self.plan.options.read_as.get(name) or propose_reading(scan, name in targets)
            if reading == "number" and scan.entry.is_text:
                raise refuse(
                    "no_numbers", f"{scan.entry.subject} holds texts; expected numbers.", "Read it as a category.", name
                )
            if reading == "category" or scan.entry.is_text:
                if scan.missing:
                    raise refuse("missing_values", f"{scan.entry.subject} has NaN among its classes.", field=name)
                scans = [scan] if test is None else [scan, test.fields[name]]
                found[name] = find_classes(scans, self.plan.class_names if name in targets else None)
        return found

    def _plan_column(
        self,
        plan: ArrayPlan,
        training: PartScan,
        test: PartScan | None,
        classes: dict[str, Classes],
        *,
        as_target: bool,
    ) -> Column:
        scans = [part.fields[name] for part in (training, test) if part for name in plan.fields]
        first = scans[0]
        if len(plan.fields) == 1:
            if (known := classes.get(first.field)) is not None:
                return Column(
                    plan,
                    PreparedArray(
                        name=plan.name, shape=[], dtype="int32", classes=len(known.values), class_names=known.names
                    ),
                    known,
                )
            dtype = self._choose_dtype(scans, as_target)
            shape = first.entry.row_shape if as_target else first.entry.shape[1:]
            return Column(plan, PreparedArray(name=plan.name, shape=list(shape), dtype=dtype), None)
        width = sum(math.prod(training.fields[name].entry.row_shape) for name in plan.fields)
        return Column(plan, PreparedArray(name=plan.name, shape=[width], dtype="float32"), None)

    def _choose_dtype(self, scans: list[FieldScan], as_target: bool) -> str:
        entry = scans[0].entry
        dtypes = {find_stored_dtype(one.entry.dtype, one.minimum, one.maximum) for one in scans}
        dtype = "float32" if as_target or "float32" in dtypes else "int32" if "int32" in dtypes else "uint8"
        if entry.dtype.kind == "f" and entry.dtype.itemsize > np.dtype("float32").itemsize:
            self.notes.append(
                tell("smaller_type", f"{entry.subject} has {entry.dtype}; kept as float32.", field=scans[0].field)
            )
        if dtype == "float32" and entry.dtype.kind in "iu" and not as_target:
            self.notes.append(
                tell(
                    "large_integers",
                    f"{entry.subject} has integers that int32 cannot hold; kept as float32, which has seven digits.",
                    field=scans[0].field,
                )
            )
        return dtype

    def _note_classes(self, training: PartScan, test: PartScan | None, classes: dict[str, Classes]) -> None:
        for name, known in classes.items():
            scan = training.fields[name]
            counts: Counter[Key] = scan.values or Counter()
            unseen = [one for one in known.values if not counts[one]]
            if unseen:
                tested: Counter[Key] = (test and test.fields[name].values) or Counter()
                where = "some only in the test part" if any(tested[one] for one in unseen) else "nor in the test part"
                self.notes.append(
                    tell(
                        "unseen_class",
                        f"{len(unseen):,} of {len(known.values):,} classes of {scan.entry.place} are in no sample for"
                        f" training ({where}): {', '.join(repr(one) for one in unseen[:5])}.",
                        field=name,
                    )
                )
            if len(known.values) < BINARY:
                self.notes.append(
                    tell("one_class", f"{scan.entry.subject} has a single value, {known.names[0]!r}.", field=name)
                )

    def _write(
        self, columns: list[Column], part: Part, place: str, scan: PartScan, classes: dict[str, Classes]
    ) -> tuple[int, list[FieldSummary]]:
        histograms = {name: start_histogram(one) for name, one in scan.fields.items() if not one.entry.is_text}
        samples = 0
        with ExitStack() as stack:
            growing = [
                stack.enter_context(self.arrays.grow(one.prepared.name, one.prepared.shape, one.prepared.dtype, place))
                for one in columns
            ]
            for read in self._go_through(part):
                for name, block in read.items():
                    if (histogram := histograms.get(name)) is not None:
                        histogram.add(block)
                blocks = self._drop_lacking(read)
                for one, file in zip(columns, growing, strict=True):
                    file.append(one.make(blocks))
                samples += len(next(iter(blocks.values())))
        return samples, [
            one.summarize(
                classes[name].values if name in classes else None,
                histogram.make() if (histogram := histograms.get(name)) is not None else None,
            )
            for name, one in scan.fields.items()
        ]

    def _drop_lacking(self, blocks: Blocks) -> Blocks:
        if self.plan.options.missing != "drop":
            return blocks
        lacking = np.logical_or.reduce([find_lacking(block) for block in blocks.values()])
        return {name: block[~lacking] for name, block in blocks.items()}

    def _go_through(self, part: Part) -> Iterator[Blocks]:
        """All samples in order, some of every field at a time; columns as plain values."""
        whole = 2 * (self.plan.training.samples + (self.plan.test.samples if self.plan.test else 0))
        with ExitStack() as stack:
            rows = part.rows_at_once
            readers = [stack.enter_context(closing(entry.blocks(rows))) for entry in part.entries.values()]
            # All are read to their ends: that is where a zip compares its checksums.
            for blocks in zip(*readers, strict=True):
                self._done += len(blocks[0])
                yield dict(zip(part.entries, map(flatten_column, blocks), strict=True))
                self.progress(min(1.0, self._done / whole))


def _find_task(target: PreparedArray) -> Task:
    if target.classes is None:
        return "regression"
    return "binary_classification" if target.classes == BINARY else "classification"
