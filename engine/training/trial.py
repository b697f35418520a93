"""Losses, metrics and optimizers tried for real on a few samples, in place of a model that need not be there."""

import json
import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache

import keras
import numpy as np
from cachetools import LRUCache

from engine.data.remembering import once_per_array
from engine.data.source import Array
from engine.training.compile_settings import CompileArguments, Losses
from engine.training.output_range import OutputRange
from engine.training.reasons import describe_error

SAMPLES = 2
ASSUMED_SIZE = 4
"""The size that is tried for a dimension that neither the output nor its target fixes."""

KEPT_STAND_INS = 32

TRIAL_ERRORS = (
    AttributeError, IndexError, KeyError, NotImplementedError, RuntimeError, SyntaxWarning, TypeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OutputEnd:
    """An output of the model: the name of its layer, its node in the graph, and its tensor, the batch first.

    `range` says which numbers it can hold, None where that is not known.
    """

    name: str
    node: str | None
    shape: tuple[int | None, ...]
    dtype: str
    range: OutputRange | None = None


class TrialError(Exception):
    """Keras refused; the message is one sentence."""


class Trial:
    """A stand-in for a model: it has the same outputs and no weights, and predicts the same small number everywhere.

    `targets` are whole arrays; of each the first samples are taken and those with the smallest and the largest value,
    so that a label out of range shows.
    """

    def __init__(self, outputs: Sequence[OutputEnd], targets: Sequence[Array]):
        self.names = [end.name for end in outputs]
        rows = sorted({row for target in targets for row in _pick_rows(target)})
        self.y_true = [np.array(target[rows]) for target in targets]
        self.y_pred = [_predict(end, true) for end, true in zip(outputs, self.y_true, strict=True)]

    def try_loss(self, loss: object, index: int, *, same_shape: bool = False) -> None:
        """One output's loss; with `same_shape` on a target of the output's own shape instead of the real one.

        Raises:
            TrialError: Keras refused it.
        """
        true = np.zeros_like(self.y_pred[index]) if same_shape else self.y_true[index]
        model = self._make_model([index])
        with _refusals():
            model.compile(optimizer=_unused_optimizer(), loss=loss, run_eagerly=True)
            model.compute_loss(y=keras.ops.convert_to_tensor(true), y_pred=self._to_tensors([index]))

    def measure_loss(self, loss: object, index: int, predicted: Array) -> float:
        """One output's loss where it predicts that for the rows of `y_true`.

        Raises:
            TrialError: Keras refused it.
        """
        model = self._make_model([index])
        with _refusals():
            model.compile(optimizer=_unused_optimizer(), loss=loss, run_eagerly=True)
            true = keras.ops.convert_to_tensor(self.y_true[index])
            return float(model.compute_loss(y=true, y_pred=keras.ops.convert_to_tensor(predicted)))

    def measure_metric(self, metric: object, index: int, true: Array, predicted: Array) -> Array:
        """One output's metric for those rows.

        Raises:
            TrialError: Keras refused it.
        """
        model = self._make_model([index])
        with _refusals():
            model.compile(optimizer=_unused_optimizer(), metrics=[metric], run_eagerly=True)
            tensors = (keras.ops.convert_to_tensor(true), keras.ops.convert_to_tensor(predicted))
            # Where there is a loss too its mean comes first.
            return np.asarray(list(model.compute_metrics(None, *tensors).values())[-1])

    def try_everything(self, loss: Losses, arguments: CompileArguments) -> list[str]:
        """All losses, weights and metrics together. Returns the names of the logs.

        Raises:
            TrialError: Keras refused them.
        """
        everything = list(range(len(self.names)))
        model = self._make_model(everything)
        true = [keras.ops.convert_to_tensor(one) for one in self.y_true]
        y = true[0] if len(true) == 1 else true
        with _refusals():
            model.compile(
                optimizer=_unused_optimizer(),
                loss=loss,
                loss_weights=arguments.loss_weights,
                metrics=arguments.metrics,
                weighted_metrics=arguments.weighted_metrics,
                run_eagerly=True,
            )
            model.compute_loss(y=y, y_pred=self._to_tensors(everything))
            return list(model.compute_metrics(None, y, self._to_tensors(everything)))

    def _make_model(self, indices: list[int]) -> "keras.Model":
        names = [self.names[i] for i in indices]
        unique = [name if name not in names[:place] else f"{name}_{place}" for place, name in enumerate(names)]
        arrays = [self.y_pred[i] for i in indices]
        ends = zip(unique, arrays, strict=True)
        return _make_stand_in(tuple((name, array.shape[1:], str(array.dtype)) for name, array in ends))

    def _to_tensors(self, indices: list[int]) -> object:
        tensors = [keras.ops.convert_to_tensor(self.y_pred[i]) for i in indices]
        return tensors[0] if len(tensors) == 1 else tensors


@lru_cache(maxsize=KEPT_STAND_INS)
def _make_stand_in(ends: tuple[tuple[str, tuple[int, ...], str], ...]) -> "keras.Model":
    """A model whose outputs have these names, shapes and dtypes. It is compiled anew for each trial."""
    inputs = [keras.Input(batch_shape=(None, *shape), dtype=dtype) for _, shape, dtype in ends]
    outputs = [keras.layers.Identity(name=end[0])(tensor) for end, tensor in zip(ends, inputs, strict=True)]
    return keras.Model(inputs, outputs[0] if len(outputs) == 1 else outputs)


@cache
def _unused_optimizer() -> "keras.optimizers.Optimizer":
    """What the stand-ins are compiled with: Keras would make a new one each time, which takes longer than the trial."""
    return keras.optimizers.SGD()


_optimizer_faults: LRUCache[str, str | None] = LRUCache(maxsize=64)


def find_optimizer_fault(optimizer: "keras.optimizers.Optimizer") -> str | None:
    """What Keras says against one update of four weights, None where it makes it. Remembers the last answers."""
    key = json.dumps(keras.optimizers.serialize(optimizer), sort_keys=True, default=repr)
    if key not in _optimizer_faults:
        try:
            try_optimizer(optimizer)
        except TrialError as error:
            _optimizer_faults[key] = str(error)
        else:
            _optimizer_faults[key] = None
    return _optimizer_faults[key]


def try_optimizer(optimizer: "keras.optimizers.Optimizer") -> None:
    """One update of a weight matrix of four numbers.

    Raises:
        TrialError: Keras refused it.
    """
    weight = keras.Variable(np.ones((2, 2), "float32"))
    with _refusals():
        optimizer.build([weight])
        optimizer.apply([keras.ops.ones((2, 2))], [weight])


def try_input(shape: tuple[int | None, ...], dtype: str, array: Array) -> None:
    """Feeds samples to an input of that shape, the batch first. The tolerance is Keras's: (28, 28) fits (28, 28, 1).

    Raises:
        TrialError: Keras refused them.
    """
    tensor = keras.Input(batch_shape=shape, dtype=dtype)
    model = keras.Model(tensor, keras.layers.Identity()(tensor))
    with _refusals():
        taken = model(np.array(array[:SAMPLES])).shape[1:]
    # Keras lets a last dimension of 1 pass where another size was asked for.
    if len(taken) != len(shape) - 1 or any(want not in (None, got) for want, got in zip(shape[1:], taken, strict=True)):
        raise TrialError(f"samples of shape {list(taken)} are no {list(shape[1:])}")


@contextmanager
def _refusals() -> Iterator[None]:
    """Turns whatever Keras refuses by, warnings about shapes too, into a `TrialError`."""
    import tensorflow as tf

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", SyntaxWarning)
            yield
    except (*TRIAL_ERRORS, tf.errors.OpError) as error:
        raise TrialError(describe_error(error)) from error


@once_per_array
def _pick_rows(target: Array) -> set[int]:
    width = math.prod(target.shape[1:]) or 1
    extremes = {int(np.argmin(target)) // width, int(np.argmax(target)) // width}
    return {*range(min(SAMPLES, len(target))), *extremes}


def _predict(end: OutputEnd, true: Array) -> Array:
    """An output's value: everywhere one part of what the last axis would share out if it were a softmax."""
    sizes = [
        size if size is not None else (true.shape[axis] if axis < true.ndim else ASSUMED_SIZE)
        for axis, size in enumerate(end.shape[1:], start=1)
    ]
    value = 1 / sizes[-1] if sizes and sizes[-1] > 1 else 0.5
    return np.full((len(true), *sizes), value, np.dtype(end.dtype) if end.dtype != "bfloat16" else np.dtype("float32"))
