"""The step that cuts a series in time into windows, with what comes after each."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from engine.data.datasets import Dataset
from engine.data.loaders.windows import make_windows
from engine.data.source import Array
from engine.data.steps.arguments import suggest
from engine.data.steps.faults import StepFault
from engine.data.steps.settings import DataStep

LEAST = {"sequence_length": 1, "sequence_stride": 1, "sampling_rate": 1, "horizon": 0, "target_length": 1}
DEFAULTS = {
    name: parameter.default
    for name, parameter in inspect.signature(make_windows).parameters.items()
    if parameter.default is not parameter.empty
}


@dataclass(frozen=True, slots=True)
class Windows:
    """The arguments of `make_windows`, all of them."""

    sequence_length: int
    sequence_stride: int
    sampling_rate: int
    start_index: int | None
    end_index: int | None
    targets: str | None
    columns: list[int] | None
    horizon: int
    target_length: int
    also: list[str]

    @property
    def reach(self) -> int:
        """How many steps of the series the last one of a window is behind its first."""
        return (self.sequence_length - 1) * self.sampling_rate

    @property
    def last(self) -> int:
        """The same for the last value that is to be predicted."""
        return self.reach + (0 if self.targets is None else self.horizon + self.target_length - 1)

    @property
    def arguments(self) -> dict[str, JsonValue]:
        """Those that differ from the defaults."""
        given = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in given.items() if list_if_tuple(DEFAULTS.get(name)) != value}


def list_if_tuple(value: object) -> object:
    """A default as JSON has it."""
    return list(value) if isinstance(value, tuple) else value


def read_windows(step: DataStep, first_target: str | None) -> Windows:
    """The step's arguments, whose kinds were looked at, with the defaults of all others."""
    known = {name: list_if_tuple(value) for name, value in DEFAULTS.items() if name != "name"}
    settled = known | {name: value for name, value in step.arguments.items() if value is not None}
    if settled["targets"] is None:
        settled["targets"] = first_target
    return Windows(**settled)  # type: ignore[arg-type]


def name_results(
    windows: Windows, step: DataStep, inputs: list[str], targets: list[str]
) -> tuple[list[str], list[str]]:
    """The names of the arrays after the step: what is to be predicted is a target, the first one where it is new."""
    wanted = windows.targets
    if wanted is not None and wanted in (step.array, *windows.also):
        targets = [f"{wanted}_ahead", *targets]
    elif wanted is not None and wanted in inputs:
        inputs = [name for name in inputs if name != wanted]
        targets = [wanted, *targets]
    return [_rename(name, step) for name in inputs], [_rename(name, step) for name in targets]


def _rename(name: str, step: DataStep) -> str:
    return step.result if name == step.array else name


def cut_dataset(dataset: Dataset, step: DataStep) -> tuple[dict[str, Array], dict[str, Array], int]:
    """The new inputs and targets, and how many samples after a sample share steps of the series with it.

    Raises `StepFault`.
    """
    arrays = {**dataset.targets, **dataset.inputs}
    windows = read_windows(step, next(iter(dataset.targets), None))
    _check(windows, arrays, step)
    made = make_windows(arrays, step.array, **windows.arguments, name=step.name)  # type: ignore[arg-type]
    inputs, targets = name_results(windows, step, list(dataset.inputs), list(dataset.targets))
    overlap = (windows.last + dataset.overlap) // windows.sequence_stride
    return {name: made[name] for name in inputs}, {name: made[name] for name in targets}, overlap


def _check(windows: Windows, arrays: Mapping[str, Array], step: DataStep) -> None:
    for name, least in LEAST.items():
        if (value := getattr(windows, name)) < least:
            raise StepFault(f"arguments.{name}", f"{name}: expected at least {least}; received {value}.")
    length = len(arrays[step.array])
    start, end = windows.start_index or 0, length if windows.end_index is None else windows.end_index
    for name, value in (("start_index", start), ("end_index", end)):
        if not 0 <= value <= length:
            message = f"{name}: expected a step of the series, from 0 to {length:,}; received {value}."
            raise StepFault(f"arguments.{name}", message)
    _check_names(windows, arrays, step)
    needed = windows.last + 1
    if end - start < needed:
        raise StepFault(
            "arguments.sequence_length",
            f"A window with what comes after it takes {needed:,} steps of the series; there are"
            f" {max(0, end - start):,}.",
            "Take shorter windows, or a longer series.",
        )


def _check_names(windows: Windows, arrays: Mapping[str, Array], step: DataStep) -> None:
    for place, name in [("targets", windows.targets), *((f"also.{i}", one) for i, one in enumerate(windows.also))]:
        if name is not None and name not in arrays:
            message = f"There is no array {name!r}; expected one of {', '.join(arrays)}."
            raise StepFault(f"arguments.{place}", message, suggest(name, list(arrays)), "unknown_array")
    if step.array in windows.also:
        raise StepFault("arguments.also", f"{step.array!r} is cut into windows already; expected other arrays.")
    if windows.columns is None:
        return
    if windows.targets is None:
        raise StepFault("arguments.columns", "Columns are those of targets, and there are no targets.")
    shape = arrays[windows.targets].shape[1:]
    if not shape:
        raise StepFault("arguments.columns", f"{windows.targets!r} has one value per step; expected no columns.")
    if not windows.columns or not all(0 <= column < shape[0] for column in windows.columns):
        message = f"columns: expected numbers from 0 to {shape[0] - 1}; received {windows.columns}."
        raise StepFault("arguments.columns", message)
