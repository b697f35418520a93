"""Whether the samples that validate a model have the classes of those that train it."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from pydantic import JsonValue

from engine.data.datasets import find_source
from engine.data.remembering import ArrayMemory
from engine.data.source import Array
from engine.errors import ConfigError
from engine.graph.issues import Change, Fix
from engine.training.changes import point
from engine.training.class_labels import read_labels
from engine.training.config import FitSettings
from engine.training.feeding import FedData
from engine.training.situation import FedSituation
from engine.training.split_rows import Rows
from engine.training.split_settings import GroupedSplit, HoldoutSplit, KFoldSplit, StoredSplit, TimeSplit
from engine.training.splitting import divide_rows

Part = slice | Rows

LARGEST_DIFFERENCE = 0.25
"""So much of the samples may be of other classes in validation than in training, beside what chance makes of it."""

MOST_NAMED = 5

_faults: ArrayMemory[list[tuple[str, str]]] = ArrayMemory()

UNSEEN = "classes_only_in_validation"
"""The worse fault: such classes cannot be learned."""


def check_class_shares(situation: FedSituation, fit: FitSettings) -> None:
    """Warns of a split that leaves classes out on one side, as the last part of data sorted by class does."""
    data = situation.data
    if data.validation is not None or not _has_classes(situation):
        return
    place = "fit.validation_split" if data.split is None else "data.split"
    sides = _list_sides(data, fit)
    rows = [part for side in sides for part in side if not isinstance(part, slice)]
    slices = [repr(part) for side in sides for part in side if isinstance(part, slice)]
    # What is counted does not depend on the drawing, which is edited most.
    faults = _faults.recall([data.targets[0], *rows], tuple(slices), lambda: _find_faults(data.targets[0], sides))
    if not faults:
        return
    code, message = min(faults, key=lambda fault: fault[0] != UNSEEN)
    # Whoever divides by time or group has a reason to.
    can_change = not isinstance(situation.config.data.split, TimeSplit | GroupedSplit | StoredSplit)
    hint = "Divide by class: data.split of kind stratified." if can_change else None
    situation.findings.warn(code, place, message, hint, propose=lambda: _propose(situation))


def _has_classes(situation: FedSituation) -> bool:
    """Whether there is one target, and it is of labels, also by what the data set says."""
    data = situation.data
    if len(data.targets) != 1 or situation.kinds[0].nature not in ("labels", "one_hot"):
        return False
    specs = find_source(situation.config.data.dataset).summarize().targets
    return any(spec.name == data.target_names[0] and spec.classes is not None for spec in specs)


def _find_faults(target: Array, sides: Sequence[tuple[Part, Part]]) -> list[tuple[str, str]]:
    """What is wrong with each of the divisions, none where the target has no classes."""
    labels = read_labels(target)
    if labels is None:
        return []
    classes, numbers = np.unique(labels, return_inverse=True)
    counts = [[np.bincount(numbers[part], minlength=len(classes)) for part in side] for side in sides]
    return [fault for one in counts if (fault := _find_fault(one[0], one[1], classes.tolist())) is not None]


def _list_sides(data: FedData, fit: FitSettings) -> list[tuple[Part, Part]]:
    if data.splits:
        return [(one.training, one.validation) for one in data.splits]
    try:
        training, validation = divide_rows(data, fit)
    except ConfigError:
        # Said already.
        return []
    return [(training, validation)] if fit.validation_split else []


def _find_fault(training: Rows, validation: Rows, classes: Sequence[object]) -> tuple[str, str] | None:
    unseen = [one for one, seen, asked in zip(classes, training, validation, strict=True) if asked and not seen]
    if unseen:
        named = ", ".join(map(str, unseen[:MOST_NAMED])) + (", …" if len(unseen) > MOST_NAMED else "")
        count = int(validation[training == 0].sum())
        return UNSEEN, (
            f"{count:,} of {int(validation.sum()):,} validation samples are of classes that no sample trains:"
            f" {named}. The model cannot learn them; the data may be sorted by class."
        )
    shares = [counts / counts.sum() for counts in (training, validation)]
    apart = np.abs(shares[0] - shares[1])
    limit = LARGEST_DIFFERENCE + 0.5 * math.sqrt(len(classes) / validation.sum())
    if apart.sum() / 2 <= limit:
        return None
    worst = int(apart.argmax())
    return "classes_divided_unevenly", (
        f"Class {classes[worst]} is {shares[0][worst]:.0%} of the training and {shares[1][worst]:.0%} of the validation"
        " samples, so validation says little about training; the data may be sorted by class."
    )


def _propose(situation: FedSituation) -> Iterator[Fix]:
    """A stratified split of the same size."""
    settings, fit = situation.config.data.split, situation.config.fit
    if isinstance(settings, KFoldSplit):
        if settings.variant == "plain":
            value: dict[str, JsonValue] = {**settings.model_dump(mode="json"), "variant": "stratified"}
            yield Fix(label="Make the folds by class", changes=[_set_split(value)])
        return
    if settings is None:
        value = {"kind": "stratified", "validation": round(fit.validation_split, 6)}
        unset = Change(op="add", path=point("training", "fit", "validation_split"), value=0.0)
        yield Fix(label="Divide by class instead (stratified)", changes=[unset, _set_split(value)])
    elif isinstance(settings, HoldoutSplit):
        value = {"kind": "stratified", "validation": settings.validation, "test": settings.test, "seed": settings.seed}
        yield Fix(label="Divide by class instead (stratified)", changes=[_set_split(value)])


def _set_split(value: dict[str, JsonValue]) -> Change:
    return Change(op="add", path=point("training", "data", "split"), value=value)
