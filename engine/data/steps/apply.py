"""Applies the steps of a run's data, in order."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.data.datasets import Dataset
from engine.data.library.text_arrays import TEXT
from engine.data.schema import ArraySpec
from engine.data.source import Array
from engine.data.steps.arguments import find_argument_faults, suggest
from engine.data.steps.encodings import ROW_FUNCTIONS, Arguments
from engine.data.steps.entries import list_entries
from engine.data.steps.faults import PLACE, StepFault, raise_at
from engine.data.steps.rows import map_rows
from engine.data.steps.settings import DataStep
from engine.data.steps.windowing import cut_dataset

KEEP_VALUES = {"windows"}
"""Steps whose results hold the values that were there before."""


def apply_steps(dataset: Dataset, steps: Sequence[DataStep]) -> Dataset:
    """The data set as the steps leave it. The one that was given stays as it is.

    Raises:
        ConfigError: a step does not fit the arrays that it finds; the issue is at `data.steps.<number>.…`.
    """
    for changed in follow_steps(dataset, steps):
        dataset = changed
    return dataset


def follow_steps(dataset: Dataset, steps: Sequence[DataStep]) -> Iterator[Dataset]:
    """The data set after each step. Raises as `apply_steps` does, once it comes to the step at fault."""
    for number, step in enumerate(steps):
        place = f"{PLACE}.{number}"
        raise_at(place, _find_faults(dataset, step))
        try:
            dataset = _apply(dataset, step)
        except StepFault as fault:
            raise_at(place, [fault])
        yield dataset


def settle_steps(dataset: Dataset, steps: Sequence[DataStep]) -> list[DataStep]:
    """The same steps for another part of the data: what they would find out from this one is written into them.

    A test part in which one class does not occur has as many classes as the training part.
    """
    arrays = {**dataset.targets, **dataset.inputs}
    classes = {spec.name: spec.classes for spec in dataset.target_specs}
    settled = []
    for step in steps:
        array = arrays.get(step.array)
        settled.append(step if array is None else _settle(step, array, classes.get(step.array)))
        if step.function in KEEP_VALUES and array is not None:
            arrays[step.result], classes[step.result] = array, classes.get(step.array)
        else:
            arrays.pop(step.result, None)
    return settled


def _settle(step: DataStep, array: Array, classes: int | None) -> DataStep:
    if step.function != "to_categorical" or find_argument_faults(list_entries()[step.function], step.arguments):
        return step
    try:
        arguments = ROW_FUNCTIONS[step.function].settle(array, step.arguments, classes)
    except StepFault:
        # Whoever applies it says so at its place.
        return step
    return step.model_copy(update={"arguments": dict(arguments)})


def _find_faults(dataset: Dataset, step: DataStep) -> list[StepFault]:
    names = [*dataset.inputs, *dataset.targets]
    faults = find_argument_faults(list_entries()[step.function], step.arguments)
    if step.array not in names:
        message = f"There is no array {step.array!r} at this step; expected one of {', '.join(names)}."
        faults.insert(0, StepFault("array", message, suggest(step.array, names), "unknown_array"))
    if step.name not in (None, step.array) and step.name in names:
        message = f"There is an array {step.name!r} already; expected another name."
        faults.append(StepFault("name", message, "Leave name out to replace the step's own array.", "name_taken"))
    return faults


def _apply(dataset: Dataset, step: DataStep) -> Dataset:
    specs = {spec.name: spec for spec in dataset.target_specs}
    if step.function == "windows":
        inputs, targets, overlap = cut_dataset(dataset, step)
        # Values stay what they were, so labels are still labels, also where they come from another time.
        described = tuple(_describe(name, array, specs.get(name)) for name, array in targets.items())
        return replace(dataset, inputs=inputs, targets=targets, target_specs=described, overlap=overlap)
    is_input = step.array in dataset.inputs
    array = dataset.inputs[step.array] if is_input else dataset.targets[step.array]
    known = None if is_input else specs.get(step.array)
    made = _make(array, step, known.classes if known else None)
    if is_input:
        return replace(dataset, inputs={**dataset.inputs, step.result: made})
    specs[step.result] = _describe(step.result, made, None)
    if step.function == "to_categorical":
        # Its columns are the classes, which may have names.
        specs[step.result].classes = made.shape[-1]
    targets = {**dataset.targets, step.result: made}
    return replace(dataset, targets=targets, target_specs=tuple(specs[name] for name in targets))


def _make(array: Array, step: DataStep, classes: int | None) -> Array:
    function = ROW_FUNCTIONS[step.function]
    arguments: Arguments = function.settle(array, step.arguments, classes)
    return map_rows(array, lambda block: function.make(block, arguments))


def _describe(name: str, array: Array, known: ArraySpec | None) -> ArraySpec:
    classes = None if known is None else known.classes
    dtype = TEXT if array.dtype.kind in "OSU" else str(array.dtype)
    return ArraySpec(name=name, shape=list(array.shape[1:]), dtype=dtype, classes=classes)
