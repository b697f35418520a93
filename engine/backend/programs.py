"""Many steps of Keras's own training or testing as one program, so that Python has nothing to do between them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any, Literal, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from engine.backend.random_numbers import draw_as_without_xla, draws_other_numbers, list_operations

StepKind = Literal["train", "test"]
Logs = dict[str, np.ndarray[Any, np.dtype[Any]]]
Tensors = Any
"""A nested structure of tensors with the samples along axis 0, as Keras's steps take it: `(x, y, sample_weight)`."""


Step = Callable[[Tensors], Mapping[str, tf.Tensor]]
"""Keras's own `train_step` or `test_step`: takes a batch, answers the logs."""


class LoopState(NamedTuple):
    """What a loop hands from one step to the next: how many are done, whether the last loss was finite, all logs."""

    done: tf.Tensor
    is_finite: tf.Tensor
    logs: dict[str, tf.TensorArray]


class ResidentProgram:
    """A loop over batches that lives on the device, with the samples, and calls the model's own step.

    Keras does every step (`train_step` or `test_step`), so losses, metrics, optimizer, regularization,
    BatchNormalization, Dropout and mixed precision keep their meaning; only the way from one step to the next is ours.
    The model has to be compiled and all its variables built (`build_for_training`) before.

    `data` has the samples in the order in which batches of `batch_size` take them, so that a batch is a slice; the last
    one may be smaller. That is a pass; after it comes the same one again. `jit` compiles by XLA, whose shapes are
    fixed: then at most `room` steps can be run at a time.
    """

    def __init__(
        self,
        model: keras.Model,
        kind: StepKind,
        data: Tensors,
        batch_size: int,
        *,
        jit: bool = False,
        room: int | None = None,
    ):
        self._model = model
        self._step = _find_step(model, kind)
        self._data = data
        self._samples = int(tf.nest.flatten(data)[0].shape[0])
        self._batch_size = batch_size
        self._batches = -(-self._samples // batch_size)
        self._room = room
        self._jit = jit
        self._run_in_pass = self._run_fixed_shapes if jit else self._run_any_shapes
        self._program = tf.function(self._loop, autograph=False, jit_compile=jit)
        self._compiled: Any = None

    def trace(self) -> None:
        """Makes the program; XLA compiles it when it runs first.

        Raises:
            Exception: whatever the model's Python raises, because it cannot be made into a program or is wrong.
        """
        number, flag = tf.TensorSpec((), tf.int32), tf.TensorSpec((), tf.bool)
        with draw_as_without_xla() if self._jit else nullcontext():
            self._compiled = self._program.get_concrete_function(number, number, flag, flag)

    def run(self, first: int, count: int, *, halt: bool, restart: bool) -> Logs:
        """Runs `count` steps from batch number `first` of a pass on, into the passes after it where it has no more.

        The logs of every step along axis 0, as many as were done: with `halt` the loop ends after the first step whose
        `loss` is not finite. Metrics are reset where a further pass begins, and with `restart` before the first step.
        """
        numbers = (tf.constant(first), tf.constant(count), tf.constant(halt), tf.constant(restart))
        done, logs = self._compiled(*numbers)
        steps = int(done)
        return {name: values.numpy()[:steps] for name, values in logs.items()}

    @property
    def has_convolutions(self) -> bool:
        """Whether the traced program convolves, for which XLA takes many times longer on a CPU.

        Measured here: 458 ms a step instead of 12 for a small convolutional model, and 45 s to compile.
        """
        return _has_convolutions(self._compiled)

    @property
    def draws_other_numbers(self) -> bool:
        """Whether the traced program may draw other random numbers than Keras's `fit`."""
        return self._jit and draws_other_numbers(self._compiled)

    def _loop(self, first: tf.Tensor, count: tf.Tensor, halt: tf.Tensor, restart: tf.Tensor) -> tuple[tf.Tensor, Any]:
        def do_pass(state: LoopState) -> LoopState:
            batch = (first + state.done) % self._batches
            _reset_if(tf.where(state.done > 0, batch == 0, restart), self._model)
            return self._run_in_pass(state, batch, tf.minimum(count, state.done + self._batches - batch), halt)

        logs = make_logs(self._model, count if self._room is None else self._room)
        state = _repeat(do_pass, LoopState(tf.constant(0), tf.constant(True), logs), count, halt)
        return state.done, {name: array.stack() for name, array in state.logs.items()}

    def _run_any_shapes(self, state: LoopState, batch: tf.Tensor, end: tf.Tensor, halt: tf.Tensor) -> LoopState:
        fixed = self._batch_size if has_fixed_batch(self._model) else None
        before = state.done

        def do_step(state: LoopState) -> LoopState:
            start = (batch + state.done - before) * self._batch_size

            def take(array: tf.Tensor) -> tf.Tensor:
                return tf.ensure_shape(array[start : start + self._batch_size], [fixed, *array.shape[1:]])

            return self._do_step(state, take)

        return _repeat(do_step, state, end, halt)

    def _run_fixed_shapes(self, state: LoopState, batch: tf.Tensor, end: tf.Tensor, halt: tf.Tensor) -> LoopState:
        whole, rest = divmod(self._samples, self._batch_size)
        before = state.done

        def do_step(state: LoopState) -> LoopState:
            def take(array: tf.Tensor) -> tf.Tensor:
                # Not sliced by the step's number: XLA would compile anew for each.
                batches = tf.reshape(array[: whole * self._batch_size], (whole, self._batch_size, *array.shape[1:]))
                return tf.gather(batches, batch + state.done - before)

            return self._do_step(state, take)

        state = _repeat(do_step, state, tf.minimum(end, before + tf.maximum(whole - batch, 0)), halt)
        if not rest:
            return state
        is_left = (state.done < end) & (state.is_finite | ~halt)
        found: LoopState = tf.cond(
            is_left, lambda: self._do_step(state, lambda array: array[whole * self._batch_size :]), lambda: state
        )
        return found

    def _do_step(self, state: LoopState, take: Callable[[tf.Tensor], tf.Tensor]) -> LoopState:
        return _do_step(self._step, state, tf.nest.map_structure(take, self._data))


class BlockProgram:
    """The same loop over samples that come with each call, already in the order of the batches: for a stream."""

    def __init__(self, model: keras.Model, kind: StepKind):
        self._model = model
        self._step = _find_step(model, kind)
        self._program = tf.function(self._loop, autograph=False)
        self._compiled: Any = None

    def trace(self, block: Tensors, batch_size: int) -> None:
        """Makes the program for blocks of this nesting. Raises as `ResidentProgram.trace`."""
        fixed = batch_size if has_fixed_batch(self._model) else None

        def describe(tensor: tf.Tensor) -> tf.TensorSpec:
            return tf.TensorSpec([None, fixed, *tensor.shape[2:]], tensor.dtype)

        number, flag = tf.TensorSpec((), tf.int32), tf.TensorSpec((), tf.bool)
        specs = tf.nest.map_structure(describe, block)
        self._compiled = self._program.get_concrete_function(specs, number, number, flag)

    def run(self, block: Tensors, first: int, count: int, *, halt: bool) -> Logs:
        """Runs a step for each of `count` batches from number `first` on of the block, whose first axis are batches
        and second one samples.
        """
        done, logs = self._compiled(block, tf.constant(first), tf.constant(count), tf.constant(halt))
        steps = int(done)
        return {name: values.numpy()[:steps] for name, values in logs.items()}

    @property
    def has_convolutions(self) -> bool:
        """See `ResidentProgram`."""
        return _has_convolutions(self._compiled)

    def _loop(self, block: Tensors, first: tf.Tensor, count: tf.Tensor, halt: tf.Tensor) -> tuple[tf.Tensor, Any]:
        def do_step(state: LoopState) -> LoopState:
            batch = tf.nest.map_structure(lambda array: tf.gather(array, first + state.done), block)
            return _do_step(self._step, state, batch)

        start = LoopState(tf.constant(0), tf.constant(True), make_logs(self._model, count))
        state = _repeat(do_step, start, count, halt)
        return state.done, {name: array.stack() for name, array in state.logs.items()}


def make_logs(model: keras.Model, room: int | tf.Tensor) -> dict[str, tf.TensorArray]:
    """Empty arrays for the logs of so many steps."""
    return {
        name: tf.TensorArray(value.dtype, room, element_shape=value.shape)
        for name, value in model.get_metrics_result().items()
    }


def _repeat(do: Callable[[LoopState], LoopState], state: LoopState, end: tf.Tensor, halt: tf.Tensor) -> LoopState:
    """Goes on until `end` steps are done in all, or with `halt` until a loss was not finite."""

    def goes_on(*state: Any) -> tf.Tensor:  # noqa: ANN401 - what TensorFlow's loops hand on
        return (state[0] < end) & (state[1] | ~halt)

    def do_once(*state: Any) -> LoopState:  # noqa: ANN401
        return do(LoopState(*state))

    return LoopState(*tf.while_loop(goes_on, do_once, state, parallel_iterations=1))


def _do_step(step: Step, state: LoopState, batch: Tensors) -> LoopState:
    found = step(batch)
    written = {name: array.write(state.done, found[name]) for name, array in state.logs.items()}
    finite = tf.math.is_finite(found["loss"]) if "loss" in found else tf.constant(True)
    return LoopState(state.done + 1, tf.reshape(finite, ()), written)


def _reset_if(restart: tf.Tensor, model: keras.Model) -> None:
    def reset() -> tf.Tensor:
        model.reset_metrics()
        return tf.constant(0)

    tf.cond(restart, reset, lambda: tf.constant(0))


def _find_step(model: keras.Model, kind: StepKind) -> Step:
    found: Step = model.train_step if kind == "train" else model.test_step
    return found


def _has_convolutions(program: Any) -> bool:  # noqa: ANN401 - TensorFlow's functions have no public type
    return any(name.startswith(("Conv2D", "Conv3D", "DepthwiseConv2d")) for name in list_operations(program))


class PythonSteps:
    """The same, one step after the other in Python: for what cannot be compiled."""

    def __init__(self, model: keras.Model, kind: StepKind):
        self._step = _find_step(model, kind)

    def run(self, data: Tensors, batches: np.ndarray[Any, np.dtype[np.int64]], *, halt: bool) -> Logs:
        """As `ResidentProgram.run`, for the samples whose numbers are the rows of `batches`."""
        rows: list[Mapping[str, Any]] = []
        for batch in batches:
            logs = self._step(tf.nest.map_structure(lambda array, rows=batch: tf.gather(array, rows), data))
            rows.append({name: keras.ops.convert_to_numpy(value) for name, value in logs.items()})
            if halt and not np.isfinite(rows[-1].get("loss", 0.0)):
                break
        return {name: np.stack([row[name] for row in rows]) for name in rows[0]} if rows else {}


class KerasSteps:
    """The same by the function that Keras's own `fit` calls for each step: to know how fast that is."""

    def __init__(self, model: keras.Model):
        model.make_train_function()
        self._step = model.train_function

    def run(self, data: Tensors, batches: np.ndarray[Any, np.dtype[np.int64]], *, halt: bool) -> Logs:
        """As `ResidentProgram.run`, for the samples whose numbers are the rows of `batches`."""
        del halt
        rows = tf.constant(batches.reshape(-1))
        block = tf.nest.map_structure(lambda array: tf.gather(array, rows), data)
        iterator = iter(tf.data.Dataset.from_tensor_slices(block).batch(batches.shape[1]).prefetch(tf.data.AUTOTUNE))
        logs = [self._step(iterator) for _ in batches]
        return {name: np.stack([keras.ops.convert_to_numpy(one[name]) for one in logs]) for name in logs[0]}


def build_for_training(model: keras.Model, sample: Sequence[Any]) -> None:
    """Makes all variables of a compiled model: of layers, metrics, loss and optimizer. `sample` is a small batch.

    A program cannot make variables while it runs.
    """
    # Keras knows texts only as tensors.
    known = tf.nest.map_structure(lambda one: tf.constant(one) if one.dtype.hasobject else one, tuple(sample))
    model._symbolic_build(data_batch=known)  # noqa: SLF001 - what `fit` itself calls
    if not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)


def has_fixed_batch(model: keras.Model) -> bool:
    """Whether an input of the model says how many samples a batch has, as a stateful RNN wants it."""
    return any(tensor.shape[0] is not None for tensor in model.inputs)
