"""Reading a whole table twice: once to know its columns, once to write its arrays."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from engine.data.library.array_folder import ArrayFolder
from engine.data.library.kinds import Prepared, Progress
from engine.data.library.manifest import ArrayPlan, Definition
from engine.data.library.table.arrays import ArrayOfFields, ArrayWriter, check_free, plan_input, plan_target
from engine.data.library.table.date_field import SECONDS, DateField
from engine.data.library.table.fields import (
    CategoryField,
    Learned,
    NumberField,
    TableField,
    learn_batch,
    make_field,
)
from engine.data.library.table.options import ColumnChoice, MissingRows, TableOptions
from engine.data.library.table.problems import describe, refuse
from engine.data.library.table.reading import Batches, Column, Table
from engine.data.library.table.shuffling import shuffle_samples
from engine.data.library.table.values import CellReader, Values
from engine.data.schema import Task
from engine.graph.issues import Issue

EXACT_WHOLE_NUMBERS = 2**24
"""Float32 holds every whole number up to here."""


BYTES_PER_VALUE = 4
SHUFFLING = 0.3
"""The share of the work that shuffling is, where it is asked for."""

SHUFFLED_COPIES = 3
"""The array, what is dealt out of it, and the new one."""


@dataclass(slots=True)
class Preparation:
    """One table on its way to arrays: `columns` says what each column is that is used."""

    table: Table
    options: TableOptions
    definition: Definition
    columns: dict[str, ColumnChoice]
    progress: Progress

    def run(self, folder: ArrayFolder) -> Prepared:
        """Writes the arrays. Raises `IssuesError`."""
        check_free(folder, BYTES_PER_VALUE * (self.table.samples or 0))
        fields = self._make_fields()
        reader = CellReader.of(self.table.file, self.options)
        learned = self._learn(list(fields.values()), reader)
        inputs = [plan_input(plan, fields) for plan in self.definition.inputs]
        targets = [plan_target(plan, fields) for plan in self.definition.targets]
        sizes = [one.bytes_per_sample for one in [*inputs, *targets]]
        copies = (SHUFFLED_COPIES - 1) * max(sizes) if self.options.shuffle else 0
        check_free(folder, learned.rows * (sum(sizes) + copies))
        with ArrayWriter(folder, [*inputs, *targets]) as writer:
            self._write(writer, fields, reader)
            if not writer.samples:
                raise refuse(
                    "no_samples",
                    f"{self.table.file.name}: expected at least one row without missing values, received"
                    f" {learned.rows:,} rows and none like that",
                    "Skip columns that are mostly empty, or fill what is missing.",
                    "options.missing_rows",
                )
        if self.options.shuffle:
            self._shuffle(folder, writer.samples)
        return Prepared(
            task=_find_task(targets[0]),
            samples=writer.samples,
            fields=[field.summarise() for field in fields.values()],
            inputs=[one.prepared for one in inputs],
            targets=[one.prepared for one in targets],
            notes=self._note(fields, learned, writer.samples),
        )

    def _shuffle(self, folder: ArrayFolder, samples: int) -> None:
        shuffle_samples(
            folder,
            self.definition.array_names,
            samples,
            self.options.seed,
            lambda share: self.progress(1 - SHUFFLING + SHUFFLING * share),
        )

    @property
    def _target_names(self) -> set[str]:
        return _names_of(self.definition.targets)

    def _make_fields(self) -> dict[str, TableField]:
        """In the order of the file's columns."""
        targets = self._target_names
        known: dict[str, Column] = {column.name: column for column in self.table.columns}
        used = targets | _names_of(self.definition.inputs)
        return {
            name: make_field(column, self.columns[name], name in targets)
            for name, column in known.items()
            if name in used
        }

    def _learn(self, fields: Sequence[TableField], reader: CellReader) -> Learned:
        learned = Learned()
        for batch in self._read([field.name for field in fields], 0.0):
            learn_batch(batch, list(fields), reader, learned, self.options.missing_rows == "refuse")
        if not learned.rows:
            raise refuse("no_rows", f"{self.table.file.name}: expected rows of values, received none beside the header")
        for field in fields:
            field.finish_learning()
            if field.tally.missing == learned.rows:
                raise refuse(
                    "empty_column",
                    f"{self.table.file.name}: column {field.name!r}: expected values, received {learned.rows:,} empty"
                    " cells",
                    "Skip this column.",
                    f"options.columns.{field.name}",
                )
        return learned

    def _write(self, writer: ArrayWriter, fields: dict[str, TableField], reader: CellReader) -> None:
        for batch in self._read(list(fields), 0.5):
            values: dict[str, Values] = {}
            kept = np.ones(len(batch.rows), np.bool_)
            cells = reader.at(batch.file)
            for name, field in fields.items():
                values[name], missing = field.read(batch, cells)
                if _is_dropped(self.options.missing_rows, name in self._target_names):
                    kept &= ~missing
                else:
                    values[name] = field.fill(values[name], missing)
            if not kept.all():
                values = {name: one[kept] for name, one in values.items()}
            writer.write(values, int(kept.sum()))

    def _read(self, names: list[str], done: float) -> Batches:
        """The batches, with progress: each of the two readings is half of the work."""
        with closing(self.table.read(names)) as batches:
            for batch in batches:
                yield batch
                share = done + self.table.share / 2
                self.progress(share * (1 - SHUFFLING) if self.options.shuffle else share)

    def _note(self, fields: dict[str, TableField], learned: Learned, samples: int) -> list[Issue]:
        notes = list(self.table.notes)
        if samples < learned.rows:
            dropped = learned.rows - samples
            message = f"{dropped:,} of {learned.rows:,} rows were dropped: a value is missing in them"
            notes.append(describe("rows_dropped", message, argument="options.missing_rows", severity="warning"))
        for field in fields.values():
            oddity = _find_oddity(field)
            if oddity:
                notes.append(describe("odd_column", f"column {field.name!r} {oddity}", severity="warning"))
        return notes


def _names_of(plans: Sequence[ArrayPlan]) -> set[str]:
    return {name for plan in plans for name in plan.fields}


def _is_dropped(missing_rows: MissingRows, is_target: bool) -> bool:
    return missing_rows != "fill" or is_target


def _find_task(target: ArrayOfFields) -> Task:
    if target.prepared.classes is None:
        return "regression"
    return "binary_classification" if target.prepared.classes == 2 else "classification"


def _find_oddity(field: TableField) -> str | None:
    if isinstance(field, CategoryField):
        return "has the same value in every row" if len(field.classes) == 1 else None
    if isinstance(field, DateField):
        return _find_oddity_of_dates(field)
    return _find_oddity_of_numbers(field) if isinstance(field, NumberField) else None


def _find_oddity_of_dates(field: DateField) -> str | None:
    spanned = field.tally.maximum - field.tally.minimum
    if not spanned:
        return "has the same date in every row"
    if SECONDS in field.parts and spanned > EXACT_WHOLE_NUMBERS:
        step = np.spacing(np.float32(spanned))
        return f"spans {spanned / 86_400:,.0f} days, so that float32 rounds its seconds to steps of {step:,.0f}"
    return None


def _find_oddity_of_numbers(field: NumberField) -> str | None:
    tally = field.tally
    if tally.minimum == tally.maximum:
        return "has the same value in every row"
    if tally.whole and max(-tally.minimum, tally.maximum) > EXACT_WHOLE_NUMBERS:
        return f"has whole numbers above {EXACT_WHOLE_NUMBERS:,}, which float32 rounds"
    return None
