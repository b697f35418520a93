"""Many steps of Keras's own training or testing as one program, so that Python has nothing to do between them."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import keras
import numpy as np
import tensorflow as tf

StepKind = Literal["train", "test"]
Logs = dict[str, np.ndarray[Any, np.dtype[Any]]]
Tensors = Any
"""A nested structure of tensors with the samples along axis 0, as Keras's steps take it: `(x, y, sample_weight)`."""


class StepProgram:
    """A loop over batches that lives on the device and calls the model's own `train_step` or `test_step`.

    Keras does every step, so losses, metrics, optimizer, regularization, BatchNormalization, Dropout and mixed
    precision keep their meaning; only the way from one step to the next is ours. The model has to be compiled and all
    its variables built (`build_for_training`) before.

    `jit` compiles by XLA; then `chunk` is the longest run, because XLA's shapes are fixed. `batch_size` fixes the size
    of a batch where the model or XLA wants it; None lets it vary without another compilation.
    """

    def __init__(
        self,
        model: keras.Model,
        kind: StepKind,
        *,
        jit: bool = False,
        chunk: int | None = None,
        batch_size: int | None = None,
    ):
        self._model = model
        self._step = model.train_step if kind == "train" else model.test_step
        self._chunk = chunk
        self._shape = (chunk, batch_size)
        self._program = tf.function(self._loop, autograph=False, jit_compile=jit)
        self._compiled: Any = None

    def run(self, data: Tensors, batches: np.ndarray[Any, np.dtype[np.int64]], *, halt: bool) -> Logs:
        """Runs a step for each row of `batches`, whose numbers say which samples of `data` the batch has.

        The logs of every step along axis 0, as many as were done: with `halt` the loop ends after the first step whose
        `loss` is not finite.
        """
        count = len(batches)
        if self._chunk is not None and count < self._chunk:
            batches = np.concatenate([batches, np.zeros((self._chunk - count, batches.shape[1]), np.int64)])
        if self._compiled is None:
            self.trace(data)
        done, logs = self._compiled(data, tf.constant(batches), tf.constant(count), tf.constant(halt))
        steps = int(done)
        return {name: values.numpy()[:steps] for name, values in logs.items()}

    def trace(self, data: Tensors) -> None:
        """Makes the program for data of this nesting; XLA compiles it when it runs first.

        Raises:
            Exception: whatever the model's Python raises, because it cannot be made into a program or is wrong.
        """
        self._compiled = self._program.get_concrete_function(*self._describe(data))

    @property
    def has_convolutions(self) -> bool:
        """Whether the traced program convolves, for which XLA takes many times longer on a CPU.

        Measured here: 458 ms a step instead of 12 for a small convolutional model, and 45 s to compile.
        """
        graph = self._compiled.graph.as_graph_def()
        nodes = (node for function in graph.library.function for node in function.node_def)
        return any(node.op.startswith(("Conv2D", "Conv3D", "DepthwiseConv2d")) for node in nodes)

    def _describe(self, data: Tensors) -> tuple[Any, ...]:
        def describe(tensor: tf.Tensor) -> tf.TensorSpec:
            # Blocks of a stream have other lengths, so the number of samples is left open; XLA fixes it.
            return tf.TensorSpec(tensor.shape if self._chunk else [None, *tensor.shape[1:]], tensor.dtype)

        return (
            tf.nest.map_structure(describe, data),
            tf.TensorSpec(self._shape, tf.int64),
            tf.TensorSpec((), tf.int32),
            tf.TensorSpec((), tf.bool),
        )

    def _loop(self, data: Tensors, batches: tf.Tensor, count: tf.Tensor, halt: tf.Tensor) -> tuple[tf.Tensor, Any]:
        room = self._chunk or tf.shape(batches)[0]
        kept = {
            name: tf.TensorArray(value.dtype, room, element_shape=value.shape)
            for name, value in self._model.get_metrics_result().items()
        }

        def goes_on(step: tf.Tensor, is_finite: tf.Tensor, kept: Mapping[str, tf.TensorArray]) -> tf.Tensor:
            del kept
            return (step < count) & (is_finite | ~halt)

        def do_step(step: tf.Tensor, is_finite: tf.Tensor, kept: Mapping[str, tf.TensorArray]) -> tuple[Any, ...]:
            del is_finite
            rows = tf.gather(batches, step)
            logs = self._step(tf.nest.map_structure(lambda array: tf.gather(array, rows), data))
            written = {name: array.write(step, logs[name]) for name, array in kept.items()}
            finite = tf.math.is_finite(logs["loss"]) if "loss" in logs else tf.constant(True)
            return step + 1, tf.reshape(finite, ()), written

        start = (tf.constant(0), tf.constant(True), kept)
        done, _, kept = tf.while_loop(goes_on, do_step, start, parallel_iterations=1)
        return done, {name: array.stack() for name, array in kept.items()}


class PythonSteps:
    """The same, one step after the other in Python: for what cannot be compiled."""

    def __init__(self, model: keras.Model, kind: StepKind):
        self._step = model.train_step if kind == "train" else model.test_step

    def run(self, data: Tensors, batches: np.ndarray[Any, np.dtype[np.int64]], *, halt: bool) -> Logs:
        """See `StepProgram.run`."""
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
        """See `StepProgram.run`."""
        del halt
        rows = tf.constant(batches.reshape(-1))
        block = tf.nest.map_structure(lambda array: tf.gather(array, rows), data)
        iterator = iter(tf.data.Dataset.from_tensor_slices(block).batch(batches.shape[1]).prefetch(tf.data.AUTOTUNE))
        logs = [self._step(iterator) for _ in batches]
        return {name: np.stack([keras.ops.convert_to_numpy(one[name]) for one in logs]) for name in logs[0]}


Steps = StepProgram | PythonSteps | KerasSteps


def build_for_training(model: keras.Model, sample: Sequence[Any]) -> None:
    """Makes all variables of a compiled model: of layers, metrics, loss and optimizer. `sample` is a small batch.

    A program cannot make variables while it runs.
    """
    model._symbolic_build(data_batch=tuple(sample))  # noqa: SLF001 - what `fit` itself calls
    if not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)


def has_fixed_batch(model: keras.Model) -> bool:
    """Whether an input of the model says how many samples a batch has, as a stateful RNN wants it."""
    return any(tensor.shape[0] is not None for tensor in model.inputs)
