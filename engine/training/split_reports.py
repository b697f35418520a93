"""Divides a data set as a run would, and says what came of it."""

from collections.abc import Mapping, Sequence

import numpy as np
from pydantic import JsonValue

from engine.data.datasets import Dataset, load_dataset
from engine.training.class_labels import AnyArray, read_labels
from engine.training.feeding import FedData
from engine.training.split_manifest import MOST_CLASSES, SideSizes, SplitReport
from engine.training.split_rows import SIDES, SplitRows
from engine.training.split_settings import ComputedSplit
from engine.training.splits import make_splits


def divide_dataset(
    name: str, arguments: Mapping[str, JsonValue], definition: ComputedSplit
) -> tuple[Dataset, list[SplitRows], SplitReport]:
    """A data set divided: the data, the numbers of the samples, and the sizes of all sides.

    Raises:
        EngineError: `unknown_dataset`, `dataset_unavailable`.
        ConfigError: it cannot be divided so (`data.split.…`), or an argument is none.
    """
    dataset = load_dataset(name, arguments)
    data = FedData(list(dataset.inputs.values()), list(dataset.targets.values()), list(dataset.targets))
    splits = make_splits(definition, data, dataset)
    return dataset, splits, _report(dataset, dict(arguments), definition, splits)


def _report(
    dataset: Dataset, arguments: dict[str, JsonValue], definition: ComputedSplit, splits: Sequence[SplitRows]
) -> SplitReport:
    labels = _find_labels(dataset)
    names: list[str] = []
    numbers: AnyArray | None = None
    if labels is not None:
        classes, numbers = np.unique(labels, return_inverse=True)
        names = [_name_class(one, dataset.class_names) for one in classes.tolist()]
        if len(names) > MOST_CLASSES:
            names, numbers = [], None
    return SplitReport(
        dataset=dataset.name,
        arguments=arguments,
        definition=definition,
        samples=dataset.samples,
        sides=[_measure(split, numbers, len(names)) for split in splits],
        class_names=names,
    )


def _find_labels(dataset: Dataset) -> "AnyArray | None":
    spec = dataset.target_specs[0]
    return None if spec.classes is None else read_labels(dataset.targets[spec.name])


def _name_class(label: object, names: Sequence[str]) -> str:
    return names[int(label)] if isinstance(label, int | float) and 0 <= label < len(names) else str(label)


def _measure(split: SplitRows, numbers: "AnyArray | None", classes: int) -> SideSizes:
    sides = dict(zip(SIDES, split.arrays, strict=True))
    counted = {
        side: np.bincount(numbers[rows], minlength=classes).tolist()
        for side, rows in sides.items()
        if numbers is not None and len(rows)
    }
    return SideSizes(**{side: len(rows) for side, rows in sides.items()}, classes=counted)
