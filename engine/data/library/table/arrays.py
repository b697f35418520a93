"""A table's fields side by side in the arrays of a data set."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType

import numpy as np
import numpy.typing as npt

from engine.data.library.array_folder import ArrayFolder, GrowingArray
from engine.data.library.manifest import ArrayPlan, PreparedArray
from engine.data.library.table.fields import CategoryField, TableField, TextField
from engine.data.library.table.limits import FREE_DISK_SHARE, MAX_COLUMNS, WRITTEN_BYTES
from engine.data.library.table.problems import refuse
from engine.data.library.table.values import Values
from engine.data.library.text_arrays import TEXT, GrowingTexts


@dataclass(frozen=True, slots=True)
class ArrayOfFields:
    """An array: the fields it is made of, in their order, and what it is on disk."""

    fields: list[TableField]
    prepared: PreparedArray

    @property
    def width(self) -> int:
        """Numbers per sample."""
        return sum(field.width for field in self.fields)

    @property
    def is_text(self) -> bool:
        """Whether its samples are texts."""
        return self.prepared.dtype == TEXT

    @property
    def bytes_per_sample(self) -> int:
        """On disk."""
        if self.is_text:
            return sum(field.bytes_per_sample for field in self.fields if isinstance(field, TextField))
        return self.width * np.dtype(self.prepared.dtype).itemsize

    def make(self, values: Mapping[str, Values], start: int, stop: int) -> npt.NDArray[np.generic]:
        """The array's samples from `start` up to `stop`, of the values of all fields by name."""
        made = np.empty((stop - start, self.width), object if self.is_text else self.prepared.dtype)
        column = 0
        for field in self.fields:
            field.write(values[field.name][start:stop], made[:, column : column + field.width])
            column += field.width
        return made.reshape(stop - start, *self.prepared.shape)


def plan_input(plan: ArrayPlan, fields: Mapping[str, TableField]) -> ArrayOfFields:
    """An input: float32, or int32 where it holds nothing but labels. Raises `IssuesError` for one that is too wide."""
    made_of = [fields[name] for name in plan.fields]
    if any(isinstance(field, TextField) for field in made_of):
        return _plan_text(plan, made_of)
    width = sum(field.width for field in made_of)
    if width > MAX_COLUMNS:
        raise refuse(
            "too_wide",
            f"input {plan.name!r}: expected at most {MAX_COLUMNS:,} numbers per sample, received {width:,}: each value"
            " of a category is one",
            'Leave out categories with many values, or encode them as "index".',
            f"inputs.{plan.name}",
        )
    labels = [field for field in made_of if isinstance(field, CategoryField) and field.as_label]
    only_labels = len(labels) == len(made_of)
    prepared = PreparedArray(
        name=plan.name,
        shape=[width],
        dtype="int32" if only_labels else "float32",
        classes=max(len(field.classes) for field in labels) if only_labels else None,
    )
    return ArrayOfFields(made_of, prepared)


def _plan_text(plan: ArrayPlan, made_of: list[TableField]) -> ArrayOfFields:
    field = made_of[0]
    if len(made_of) > 1 or not isinstance(field, TextField):
        texts = next(one.name for one in made_of if isinstance(one, TextField))
        raise refuse(
            "mixed_texts",
            f"input {plan.name!r}: expected numbers side by side, or one column of texts, received the texts {texts!r}"
            f" beside {len(made_of) - 1} other columns",
            "Make an input of its own of each column of texts.",
            f"inputs.{plan.name}",
        )
    classes = field.classes
    prepared = PreparedArray(
        name=plan.name, shape=[], dtype=TEXT, classes=len(classes) if field.is_category else None, class_names=classes
    )
    return ArrayOfFields(made_of, prepared)


def plan_target(plan: ArrayPlan, fields: Mapping[str, TableField]) -> ArrayOfFields:
    """A target: labels of one category, or numbers. Raises `IssuesError` for a mixture."""
    made_of = [fields[name] for name in plan.fields]
    if texts := [field.name for field in made_of if isinstance(field, TextField)]:
        raise refuse(
            "text_as_target",
            f"target {plan.name!r}: expected a column of numbers or categories, received {texts[0]!r}, a text",
            "Make it a category, or choose another target.",
            f"targets.{plan.name}",
        )
    categories = [field for field in made_of if isinstance(field, CategoryField)]
    if categories and len(made_of) > 1:
        raise refuse(
            "mixed_target",
            f"target {plan.name!r}: expected one category or any number of numbers, received the category"
            f" {categories[0].name!r} beside {len(made_of) - 1} other columns",
            "Make each category a target of its own.",
            f"targets.{plan.name}",
        )
    if not categories:
        width = sum(field.width for field in made_of)
        shape = [] if width == 1 else [width]
        return ArrayOfFields(made_of, PreparedArray(name=plan.name, shape=shape, dtype="float32"))
    classes = categories[0].classes
    if len(classes) < 2:
        raise refuse(
            "one_class",
            f"target {plan.name!r}: expected at least two different values in column {categories[0].name!r}, received"
            f" {len(classes)}: {classes!r}",
            "Choose another target.",
            f"targets.{plan.name}",
        )
    prepared = PreparedArray(name=plan.name, shape=[], dtype="int32", classes=len(classes), class_names=classes)
    return ArrayOfFields(made_of, prepared)


class ArrayWriter:
    """Writes samples into all arrays of a data set. Memory: a few MB at a time."""

    def __init__(self, folder: ArrayFolder, arrays: Sequence[ArrayOfFields]):
        self._arrays = arrays
        self._open: list[GrowingArray | GrowingTexts] = []
        for one in arrays:
            name, form = one.prepared.name, (one.prepared.shape, one.prepared.dtype)
            self._open.append(folder.grow_texts(name) if one.is_text else folder.grow(name, *form))
        self.samples = 0

    def write(self, values: Mapping[str, Values], samples: int) -> None:
        """Adds samples, given as the values of all fields by name."""
        for one, growing in zip(self._arrays, self._open, strict=True):
            at_once = max(1, WRITTEN_BYTES // max(1, one.bytes_per_sample))
            for start in range(0, samples, at_once):
                made = one.make(values, start, min(samples, start + at_once))
                growing.append(made.tolist() if isinstance(growing, GrowingTexts) else made)
        self.samples += samples

    def __enter__(self) -> "ArrayWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for growing in self._open:
            growing.__exit__(kind, error, trace)


def check_free(folder: ArrayFolder, needed: int) -> None:
    """Raises `IssuesError` where so many bytes would fill the disk."""
    folder.path.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder.path).free
    if needed > FREE_DISK_SHARE * free:
        raise refuse(
            "disk_full",
            f"the prepared arrays need {needed:,} bytes on the disk; expected at most {FREE_DISK_SHARE:.0%} of the"
            f" {free:,} bytes that are free",
            'Choose fewer columns, or encode categories as "index".',
        )
