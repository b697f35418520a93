"""How an output of a model is read: as one class of several, as columns of yes and no, or as numbers."""

import math
from dataclasses import dataclass

import keras
import numpy as np

from engine.data.datasets import Dataset
from engine.evaluation.arrays import Array
from engine.evaluation.results import OutputKind, ScoreKind
from engine.models.model_ends import list_output_names
from engine.training.compile_settings import Losses
from engine.training.feeding import FedData
from engine.training.loss_nature import LossNature, find_loss_nature
from engine.training.output_range import OutputRange, measure_range
from engine.training.targets import TargetKind, describe_target

CHOICES = ("SparseCategoricalCrossentropy", "CategoricalCrossentropy", "CategoricalFocalCrossentropy")
"""Losses for one class of several. Without targets nothing else tells logits of classes from other numbers."""


@dataclass(frozen=True, slots=True)
class OutputReading:
    """How one output and its target are understood.

    `width` is how many numbers the output has along its last axis, `rank` its number of axes with the batch's. A single
    number that stands for two classes has a width of 1 and two class names. `link` is the function that makes
    probabilities of the output, empty for none. `loss` is what the output is trained with, None where it is not.
    """

    name: str
    target: str
    kind: OutputKind
    scores: ScoreKind
    link: str
    width: int
    rank: int
    one_hot: bool
    class_names: list[str]
    loss: object

    @property
    def has_positions(self) -> bool:
        """Whether a sample has more than one answer: a class for each of its pixels or words."""
        return self.kind != "numbers" and self.rank > 2

    def score(self, raw: Array) -> Array:
        """Probabilities (or scores) of the classes or columns: shape `(…, classes)`, from what `predict` answers."""
        numbers = np.asarray(raw, dtype="float64")
        if self.link == "softmax":
            return np.asarray(keras.ops.convert_to_numpy(keras.ops.softmax(numbers)))
        if self.link == "sigmoid":
            numbers = np.asarray(keras.ops.convert_to_numpy(keras.ops.sigmoid(numbers)))
        if self.kind == "classes" and self.width == 1:
            single = numbers if numbers.ndim > 1 and numbers.shape[-1] == 1 else numbers[..., np.newaxis]
            return np.concatenate([1 - single, single], axis=-1)
        return numbers

    def label(self, target: Array) -> Array:
        """The classes of a target as whole numbers, one per sample and position."""
        if self.one_hot:
            return np.asarray(target.argmax(axis=-1))
        whole = np.asarray(target).astype("int64")
        while whole.ndim >= self.rank and whole.shape[-1] == 1:
            whole = whole[..., 0]
        return whole


def read_outputs(model: "keras.Model", losses: Losses, data: FedData, dataset: Dataset) -> list[OutputReading]:
    """How each output is read, told from its target, its loss and the numbers that it can hold."""
    named = {spec.name: spec.classes for spec in dataset.target_specs}
    readings = []
    for index, (name, tensor) in enumerate(zip(list_output_names(model), model.outputs, strict=True)):
        target_name = data.target_names[index]
        loss = select_loss(losses, index, name)
        kind = describe_target(data.targets[index], len(tensor.shape))
        names = dataset.class_names if named.get(target_name) == len(dataset.class_names) else ()
        readings.append(_read(name, target_name, tuple(tensor.shape), measure_range(tensor), kind, loss, names))
    return readings


def guess_outputs(model: "keras.Model", losses: Losses) -> list[OutputReading]:
    """How each output is read where there are no targets: by its loss and by the numbers that it can hold.

    Shares that add up to one are classes, numbers from 0 to 1 are yes or no, and everything else is numbers.
    """
    readings = []
    for index, (name, tensor) in enumerate(zip(list_output_names(model), model.outputs, strict=True)):
        loss = select_loss(losses, index, name)
        shape = tuple(tensor.shape)
        readings.append(_read(name, "", shape, measure_range(tensor), _guess_target(tensor, loss), loss, ()))
    return readings


def _guess_target(tensor: "keras.KerasTensor", loss: object) -> TargetKind:
    held = measure_range(tensor)
    width = (tensor.shape[-1] or 1) if len(tensor.shape) > 1 else 1
    nature = find_loss_nature(loss)
    is_choice = nature.class_name in CHOICES or (held is not None and held.shares)
    if width > 1 and is_choice:
        return TargetKind("labels", width, 0, width - 1)
    if nature.from_logits is not None or (held is not None and held.is_probability):
        return TargetKind("yes_or_no", width, 0, 1)
    return TargetKind("numbers", width, -math.inf, math.inf)


def select_loss(losses: Losses, index: int, name: str) -> object:
    """The loss of one output, None where it has none."""
    if isinstance(losses, dict):
        return losses.get(name)
    if isinstance(losses, list):
        return losses[index] if index < len(losses) else None
    return losses


def _read(
    name: str,
    target: str,
    shape: tuple[int | None, ...],
    held: OutputRange | None,
    kind: TargetKind,
    loss: object,
    names: tuple[str, ...],
) -> OutputReading:
    width = (shape[-1] or 1) if len(shape) > 1 else 1
    read = _choose_kind(kind, width)
    scores, link = _find_scores(find_loss_nature(loss), held, read, width)
    if scores == "scores" and (read == "yes_or_no" or width == 1):
        # Nothing says above which number it means yes.
        read, link = "numbers", ""
    count = {"classes": max(width, 2), "yes_or_no": width, "numbers": 0}[read]
    class_names = [names[label] if label < len(names) else str(label) for label in range(count)]
    return OutputReading(
        name=name,
        target=target,
        kind=read,
        scores=scores,
        link=link,
        width=width,
        rank=len(shape),
        one_hot=read == "classes" and kind.nature == "one_hot",
        class_names=class_names,
        loss=loss,
    )


def _choose_kind(kind: TargetKind, width: int) -> OutputKind:
    fits_labels = width >= kind.width if width > 1 else kind.width == 2 and kind.low >= 0
    if kind.nature == "labels":
        return "classes" if fits_labels and kind.low >= 0 else "numbers"
    if kind.nature == "one_hot":
        return "classes" if width == kind.width else "numbers"
    if kind.nature == "yes_or_no" and width == kind.width:
        return "classes" if width == 1 else "yes_or_no"
    return "numbers"


def _find_scores(nature: LossNature, held: OutputRange | None, kind: OutputKind, width: int) -> tuple[ScoreKind, str]:
    """What the output's numbers are, and the function that makes probabilities of them (empty for none)."""
    if kind == "numbers":
        return "scores", ""
    if nature.from_logits:
        return "probabilities", "softmax" if kind == "classes" and width > 1 else "sigmoid"
    if nature.takes_probabilities or (held is not None and held.is_probability):
        return "probabilities", ""
    return "scores", ""
