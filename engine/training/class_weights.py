"""The weights of classes that make up for how often each is there."""

from typing import NoReturn

import numpy as np
from sklearn.utils.class_weight import compute_class_weight

from engine.data.remembering import ArrayMemory
from engine.training.class_labels import AnyArray, read_labels
from engine.training.config import FitSettings
from engine.training.feeding import FedData
from engine.training.keras_objects import ConfigIssues
from engine.training.split_rows import Rows
from engine.training.splitting import divide_rows

PLACE = "fit.class_weight"

_weights: ArrayMemory[dict[int, float]] = ArrayMemory()


def settle_class_weight(data: FedData, fit: FitSettings) -> FitSettings:
    """The settings with `balanced` weights as numbers, by how often each class is among the training samples.

    Raises:
        ConfigError: the model has several outputs, or its target holds no classes (`fit.class_weight`).
    """
    if fit.class_weight != "balanced":
        return fit
    return fit.model_copy(update={"class_weight": weigh_classes(data, fit)})


def weigh_classes(data: FedData, fit: FitSettings) -> dict[int, float]:
    """The weight of each class that is there, so that all classes count the same. Raises as `settle_class_weight`."""
    if len(data.targets) > 1:
        _refuse(
            "class_weight_not_possible",
            f"Keras weights classes for models with a single output only; this one has {len(data.targets)}.",
        )
    training, _ = divide_rows(data, fit)
    rows = [] if isinstance(training, slice) else [training]
    question = repr(training) if isinstance(training, slice) else None
    return _weights.recall([data.targets[0], *rows], question, lambda: _weigh(data, training))


def _weigh(data: FedData, training: "slice | Rows") -> dict[int, float]:
    labels = read_labels(data.targets[0][training])
    if labels is None or not _are_numbers(labels):
        _refuse(
            "class_weight_not_possible",
            f"The target {data.target_names[0]!r} holds no classes to balance ({data.targets[0].dtype},"
            f" {list(data.targets[0].shape[1:])} per sample); expected a label or one-hot row per sample.",
        )
    classes = np.unique(labels)
    weights = compute_class_weight("balanced", classes=classes, y=labels)
    return {int(label): float(weight) for label, weight in zip(classes, weights, strict=True)}


def _are_numbers(labels: AnyArray) -> bool:
    return labels.dtype.kind in "biuf" and float(labels.min()) >= 0


def _refuse(code: str, message: str) -> NoReturn:
    problems = ConfigIssues()
    problems.add(code, PLACE, message, "Leave class_weight out.")
    problems.raise_if_any()
    raise AssertionError
