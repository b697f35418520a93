"""Everything that a training needs to go on exactly where it was, taken and put back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras.src.backend.common import global_state
from keras.src.callbacks.monitor_callback import MonitorCallback
from pydantic import BaseModel, ConfigDict, JsonValue

from engine.training.callback_files import flush_files
from engine.training.commands import Command
from engine.training.events import PlanData, PlanMode
from engine.training.fold_position import FoldPosition

Array = np.ndarray[Any, np.dtype[Any]]
Attributes = dict[str, Any]
_OF_KERAS = frozenset({"model", "_model", "params", "validation_data"})
"""What Keras itself puts onto a callback; a new one gets it anew."""


class PlanState(BaseModel):
    """The plan that was in force: another one would round otherwise."""

    model_config = ConfigDict(extra="forbid")
    mode: PlanMode
    data: PlanData
    steps_per_chunk: int | None = None


class CallbackState(BaseModel):
    """What a callback keeps between epochs; its arrays lie beside, under its place in the list."""

    model_config = ConfigDict(extra="forbid", ser_json_inf_nan="constants")
    class_name: str
    attributes: dict[str, JsonValue]


class Position(BaseModel):
    """Where a training is: before step `step_in_epoch` of `epoch`, with `step` updates done since the start.

    `epoch_logs` are the logs of an epoch whose steps are done and whose validation is not. `commands_done` is the
    number of the newest command that took effect. `data` is the fingerprint of the samples. `epochs` is how many there
    to be, which a person may have changed. `fold` is set in a K-fold run, whose epochs count within the fold.
    """

    model_config = ConfigDict(extra="forbid", ser_json_inf_nan="constants")
    format: int = 1
    epoch: int
    step_in_epoch: int
    step: int
    epochs: int
    data: str
    plan: PlanState
    epoch_logs: dict[str, JsonValue] | None = None
    commands_done: int = 0
    callbacks: list[CallbackState] = []
    fold: FoldPosition | None = None


class TrainingState(BaseModel):
    """A position, and the arrays that Keras's own file does not hold."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    position: Position
    arrays: dict[str, Any]


def take_variables(model: keras.Model) -> dict[str, Array]:
    """The values of the variables that a `.keras` file leaves out: of metrics and of random generators."""
    return {name: np.array(variable.numpy()) for name, variable in _list_unsaved(model)}


def put_variables(model: keras.Model, arrays: Mapping[str, Array]) -> None:
    """The opposite of `take_variables`, on the same model built anew. Raises ValueError where one does not fit."""
    for name, variable in _list_unsaved(model):
        if name not in arrays:
            raise ValueError(f"the checkpoint has no value for {name} ({variable.path})")
        variable.assign(arrays[name])


class CallbackMemory:
    """What callbacks remember, apart from what they were made with. Made right after their `on_train_begin`."""

    def __init__(self, callbacks: Sequence[keras.callbacks.Callback]):
        self._callbacks = callbacks
        self._before = [_read_attributes(one, str(place))[0] for place, one in enumerate(callbacks)]

    def take(self) -> tuple[list[CallbackState], dict[str, Array]]:
        """What has changed since, as plain values, and the arrays among it. Open files and the like are left out.

        What lies in files has to be there, too, when training goes on from here.
        """
        flush_files(self._callbacks)
        states: list[CallbackState] = []
        arrays: dict[str, Array] = {}
        for place, callback in enumerate(self._callbacks):
            attributes, found = _read_attributes(callback, str(place))
            before = self._before[place]
            changed = {name: value for name, value in attributes.items() if name not in before or before[name] != value}
            states.append(CallbackState(class_name=type(callback).__name__, attributes=changed))
            arrays |= found
        return states, arrays


def put_callbacks(
    callbacks: Sequence[keras.callbacks.Callback], states: Sequence[CallbackState], arrays: Mapping[str, Array]
) -> None:
    """Gives new callbacks what the earlier ones remembered, in the order of the list; others stay as they are."""
    for callback, state in zip(callbacks, states, strict=False):
        if type(callback).__name__ == state.class_name:
            if isinstance(callback, MonitorCallback) and callback.monitor_op is None:
                # Otherwise done at the first epoch's end, with another effect on what is put back here.
                callback._set_monitor_op()  # noqa: SLF001
            for name, value in state.attributes.items():
                setattr(callback, name, _restore(value, arrays))


def commands_after(commands: Sequence[Command], position: Position) -> list[Command]:
    """Those that took effect after the position, in the order in which they did.

    Of those right at its step the numbers tell; of later ones they do not, as a run that went back can be asked for
    something before what had been asked of it earlier.
    """
    here = (position.step, position.commands_done)
    later = [one for one in commands if one.at_step is not None and (one.at_step, one.number) > here]
    return sorted(later, key=lambda one: (one.at_step, one.number))


def _list_unsaved(model: keras.Model) -> Iterator[tuple[str, Any]]:
    saved = {id(variable) for variable in [*model.weights, *model.optimizer.variables]}
    generator = global_state.get_global_attribute("global_seed_generator")
    seen: set[int] = set()
    every = [*model.variables, *model.metrics_variables, *([generator.state] if generator is not None else [])]
    for variable in every:
        if id(variable) not in saved and id(variable) not in seen:
            seen.add(id(variable))
            yield f"variable/{len(seen)}", variable


def _read_attributes(callback: keras.callbacks.Callback, place: str) -> tuple[Attributes, dict[str, Array]]:
    attributes: Attributes = {}
    arrays: dict[str, Array] = {}
    for name, value in vars(callback).items():
        found: dict[str, Array] = {}
        try:
            simple = None if name in _OF_KERAS else _simplify(value, f"callback/{place}/{name}", found)
        except TypeError:
            continue
        if name not in _OF_KERAS:
            attributes[name] = simple
            arrays |= found
    return attributes, arrays


def _simplify(value: object, path: str, arrays: dict[str, Array]) -> Any:  # noqa: ANN401 - JSON of any shape
    """The value as JSON, arrays by their names in `arrays`. Raises TypeError where it is something else."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray) and value.dtype != object:
        arrays[path] = value
        return {"array": path}
    if isinstance(value, list | tuple):
        return [_simplify(one, f"{path}/{place}", arrays) for place, one in enumerate(value)]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {"entries": {key: _simplify(one, f"{path}/{key}", arrays) for key, one in value.items()}}
    raise TypeError(f"{type(value).__name__} cannot be kept")


def _restore(value: Any, arrays: Mapping[str, Array]) -> Any:  # noqa: ANN401 - JSON of any shape
    if isinstance(value, list):
        return [_restore(one, arrays) for one in value]
    if isinstance(value, dict) and "array" in value:
        return arrays[value["array"]]
    if isinstance(value, dict):
        return {key: _restore(one, arrays) for key, one in value["entries"].items()}
    return value
