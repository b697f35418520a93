"""Divides the samples of a data set by scikit-learn's own classes, as a run's `data.split` says."""

import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from sklearn.model_selection import (
    BaseCrossValidator,
    GroupKFold,
    GroupShuffleSplit,
    KFold,
    StratifiedGroupKFold,
    StratifiedKFold,
    TimeSeriesSplit,
    train_test_split,
)

from engine.data.datasets import Dataset
from engine.training.class_labels import AnyArray
from engine.training.feeding import FedData
from engine.training.keras_objects import ConfigIssues
from engine.training.split_arrays import find_classes, find_groups, find_times
from engine.training.split_rows import Rows, SplitRows
from engine.training.split_settings import (
    ComputedSplit,
    GroupedSplit,
    HoldoutSplit,
    KFoldSplit,
    StratifiedSplit,
    TimeSplit,
)

PLACE = "data.split"


@dataclass(frozen=True, slots=True)
class _Samples:
    """What a split looks at: the number of samples, and where it asks for them their classes, groups and times."""

    count: int
    classes: AnyArray | None = None
    groups: AnyArray | None = None
    times: AnyArray | None = None

    @property
    def rows(self) -> Rows:
        return np.arange(self.count, dtype=np.int64)


def make_splits(settings: ComputedSplit, data: FedData, dataset: Dataset) -> list[SplitRows]:
    """The samples of each side: one entry, or one for each model of a K-fold run, repeat after repeat.

    The same settings on the same data divide in the same way. `data` says what the first target is, `dataset` has the
    arrays that `by` may name. Divided by time, windows of a series that lie across a border are on neither side.

    Raises:
        ConfigError: a side would be empty, or the array is not there or does not say what it has to; the issue is at
            `data.split.…`.
    """
    settings = widen_gap(settings, dataset.overlap)
    samples = _gather(settings, data, dataset)
    if isinstance(settings, KFoldSplit):
        return _fold(settings, samples)
    if isinstance(settings, TimeSplit):
        return [_divide_by_time(settings, samples)]
    return [_divide(settings, samples)]


def widen_gap(settings: ComputedSplit, overlap: int) -> ComputedSplit:
    """Windows of a series that lie across a border would have steps on both sides, so they are left out."""
    if isinstance(settings, TimeSplit) or (isinstance(settings, KFoldSplit) and settings.variant == "time"):
        return settings.model_copy(update={"gap": max(settings.gap, overlap)})
    return settings


def _gather(settings: ComputedSplit, data: FedData, dataset: Dataset) -> _Samples:
    count = data.samples
    match settings:
        case StratifiedSplit() | KFoldSplit(variant="stratified"):
            return _Samples(count, classes=find_classes(settings.by, data, dataset))
        case GroupedSplit() | KFoldSplit(variant="grouped"):
            return _Samples(count, groups=find_groups(settings.by, dataset))
        case KFoldSplit(variant="stratified_grouped"):
            return _Samples(count, classes=find_classes(None, data, dataset), groups=find_groups(settings.by, dataset))
        case TimeSplit() | KFoldSplit(variant="time") if settings.by is not None:
            return _Samples(count, times=find_times(settings.by, dataset))
        case _:
            return _Samples(count)


def _divide(settings: HoldoutSplit | StratifiedSplit | GroupedSplit, samples: _Samples) -> SplitRows:
    """The test part first, and then validation from the rest."""
    total = samples.count if samples.groups is None else len(np.unique(samples.groups))
    validation, test = _count_held(settings, total, "samples" if samples.groups is None else "groups")
    rows, tested = samples.rows, samples.rows[:0]
    if test:
        rows, tested = _hold_out(settings, samples, rows, test, "test")
    training, validated = _hold_out(settings, samples, rows, validation, "validation")
    return SplitRows(*map(np.sort, (training, validated, tested)))


def _count_held(
    settings: HoldoutSplit | StratifiedSplit | GroupedSplit | TimeSplit, total: int, things: str
) -> tuple[int, int]:
    """How many are for validation and for testing, rounded up as scikit-learn does. Raises where none is left."""
    validation, test = math.ceil(settings.validation * total), math.ceil(settings.test * total)
    if validation + test >= total:
        tested = f" and {test} for testing (a share of {settings.test:g})" if test else ""
        _refuse(
            "empty_split",
            "validation",
            f"Of {total} {things} {validation} would be for validation (a share of {settings.validation:g}){tested},"
            " and none for training; expected at least one on each side.",
            "Take a smaller share, or more data.",
        )
    return validation, test


def _hold_out(
    settings: HoldoutSplit | StratifiedSplit | GroupedSplit, samples: _Samples, rows: Rows, held: int, share: str
) -> tuple[Rows, Rows]:
    """These samples without `held` of them (or groups), and those."""
    try:
        if isinstance(settings, GroupedSplit):
            groups = None if samples.groups is None else samples.groups[rows]
            splitter = GroupShuffleSplit(1, test_size=held, random_state=settings.seed)
            kept, taken = next(splitter.split(rows, groups=groups))
            return rows[kept], rows[taken]
        if isinstance(settings, StratifiedSplit):
            classes = None if samples.classes is None else samples.classes[rows]
            parts = train_test_split(rows, test_size=held, random_state=settings.seed, stratify=classes)
        else:
            parts = train_test_split(rows, test_size=held, random_state=settings.seed, shuffle=settings.shuffle)
    except ValueError as error:
        if samples.classes is not None:
            _refuse_classes(samples.classes[rows], held, share, error)
        _refuse("split_not_possible", share, f"The samples cannot be divided: {error}", "Take another share.")
    return parts[0], parts[1]


def _refuse_classes(classes: AnyArray, held: int, share: str, error: ValueError) -> NoReturn:
    values, counts = np.unique(classes, return_counts=True)
    rare = int(counts.argmin())
    if counts[rare] < 2:
        _refuse(
            "class_too_small",
            "by",
            f"The class {values[rare]} has {counts[rare]} sample left to divide; expected at least 2 of each class,"
            " one for either side.",
            "Leave that class out, get more data, or divide without regard to classes (kind holdout).",
        )
    reason = f"{held} of {len(classes)} samples cannot have each of {len(values)} classes on both sides"
    _refuse("split_not_possible", share, f"The samples cannot be divided by class: {reason}. {error}",
            "Take a share with at least as many samples as there are classes.")  # fmt: skip


def _divide_by_time(settings: TimeSplit, samples: _Samples) -> SplitRows:
    validation, test = _count_held(settings, samples.count, "samples")
    if samples.times is None:
        order, times = samples.rows, None
    else:
        order = np.argsort(samples.times, kind="stable").astype(np.int64)
        times = samples.times[order]
    last = _find_border(times, samples.count - test) if test else samples.count
    end = max(0, last - settings.gap) if test else last
    border = _find_border(times, max(0, end - validation))
    training = max(0, border - settings.gap)
    if not training > 0 or border >= end:
        told = f"; a gap of {settings.gap} is left out before each border" if settings.gap else ""
        _refuse(
            "empty_split",
            "gap" if settings.gap else "validation",
            f"Divided by time, {training} of {samples.count} samples are for training and {max(0, end - border)} for"
            f" validation, as samples of one time stay on one side{told}; expected at least one on each side.",
            "Take a smaller share or gap, or an array with more different times.",
        )
    return SplitRows(np.sort(order[:training]), np.sort(order[border:end]), np.sort(order[last:]))


def _find_border(times: AnyArray | None, place: int) -> int:
    """The place, or before it where the samples of that time begin."""
    if times is None or place >= len(times):
        return place
    return int(np.searchsorted(times, times[place], side="left"))


def _fold(settings: KFoldSplit, samples: _Samples) -> list[SplitRows]:
    groups = None if samples.groups is None else len(np.unique(samples.groups))
    divided, things = (samples.count, "samples") if groups is None else (groups, "groups")
    if settings.folds > divided:
        _refuse(
            "too_many_folds",
            "folds",
            f"{settings.folds} folds are more than the {divided} {things} that there are to divide.",
            f"Take {divided} folds at most." if divided > 1 else "Get more data.",
        )
    try:
        with warnings.catch_warnings():
            # That a class is smaller than the number of folds is said by the check, with its name.
            warnings.simplefilter("ignore")
            return list(_list_folds(settings, samples))
    except ValueError as error:
        _refuse("split_not_possible", "folds", f"The samples cannot be divided into {settings.folds} folds: {error}",
                "Take fewer folds.")  # fmt: skip


def _list_folds(settings: KFoldSplit, samples: _Samples) -> Iterator[SplitRows]:
    order = samples.rows if samples.times is None else np.argsort(samples.times, kind="stable").astype(np.int64)
    # One source of chance for all repeats, as scikit-learn's RepeatedKFold has it; a number where there are none.
    chance: int | np.random.RandomState | None = None
    if settings.shuffle:
        chance = settings.seed if settings.repeats == 1 else np.random.RandomState(settings.seed)
    for _ in range(settings.repeats):
        splitter = _make_splitter(settings, chance)
        for training, validation in splitter.split(order, samples.classes, samples.groups):
            yield SplitRows(np.sort(order[training]), np.sort(order[validation]))


def _make_splitter(settings: KFoldSplit, chance: "int | np.random.RandomState | None") -> BaseCrossValidator:
    folds, shuffle = settings.folds, settings.shuffle
    match settings.variant:
        case "plain":
            return KFold(folds, shuffle=shuffle, random_state=chance)
        case "stratified":
            return StratifiedKFold(folds, shuffle=shuffle, random_state=chance)
        case "grouped":
            return GroupKFold(folds, shuffle=shuffle, random_state=chance)
        case "stratified_grouped":
            return StratifiedGroupKFold(folds, shuffle=shuffle, random_state=chance)
        case "time":
            return TimeSeriesSplit(folds, gap=settings.gap)


def _refuse(code: str, setting: str, message: str, hint: str) -> NoReturn:
    problems = ConfigIssues()
    problems.add(code, f"{PLACE}.{setting}", message, hint)
    problems.raise_if_any()
    raise AssertionError
