"""The arrays of a data set by which its samples are divided: classes, groups, times."""

from typing import NoReturn

import numpy as np

from engine.data.datasets import Dataset
from engine.training.class_labels import AnyArray, flatten_column, read_labels
from engine.training.feeding import FedData
from engine.training.keras_objects import ConfigIssues, suggest_name

PLACE = "data.split.by"


def find_classes(by: str | None, data: FedData, dataset: Dataset) -> AnyArray:
    """The class of each sample: of the array `by`, or of the first target. Raises `ConfigError` where it has none."""
    values = data.targets[0] if by is None else _find(by, dataset)
    labels = read_labels(values)
    if labels is None:
        what = f"The array {by!r}" if by is not None else f"The target {data.target_names[0]!r}"
        _refuse(
            "no_classes",
            f"{what} holds no classes ({values.dtype}, {list(values.shape[1:])} per sample); expected whole numbers,"
            " texts or one-hot rows, one class per sample and nothing missing.",
            "Name an array with classes, or divide without regard to classes (kind holdout).",
        )
    return labels


def find_groups(by: str | None, dataset: Dataset) -> AnyArray:
    """The group of each sample. Raises `ConfigError` where the array does not say it."""
    values = _find_column(by, dataset, "the group")
    if len(np.unique(values)) < 2:
        _refuse(
            "one_group",
            f"All samples are of one group ({values[0]}) by the array {by!r}; expected at least 2 groups.",
            "Name another array.",
        )
    return values


def find_times(by: str, dataset: Dataset) -> AnyArray:
    """The time of each sample: numbers, or texts that sort as their times do. Raises `ConfigError`."""
    return _find_column(by, dataset, "the time")


def _find_column(by: str | None, dataset: Dataset, what: str) -> AnyArray:
    values = _find(by, dataset)
    flat = flatten_column(values)
    if flat is None:
        _refuse(
            "not_one_value",
            f"The array {by!r} has {list(values.shape[1:])} values per sample; expected one, {what}.",
            "Name an array with one value per sample.",
        )
    # What is not equal to itself is NaN.
    if missing := int(np.count_nonzero(flat != flat)):
        _refuse(
            "missing_values",
            f"{missing:,} of {len(flat):,} samples have NaN in the array {by!r}; expected {what} of each.",
            "Fill them in or leave those samples out.",
        )
    return flat


def _find(by: str | None, dataset: Dataset) -> AnyArray:
    arrays = {**dataset.targets, **dataset.inputs}
    if by is None or by not in arrays:
        _refuse(
            "unknown_array",
            f"The data set {dataset.name!r} has no array {by!r}; expected one of {', '.join(arrays)}.",
            suggest_name(by or "", list(arrays)),
        )
    return arrays[by]


def _refuse(code: str, message: str, hint: str | None) -> NoReturn:
    problems = ConfigIssues()
    problems.add(code, PLACE, message, hint)
    problems.raise_if_any()
    raise AssertionError
