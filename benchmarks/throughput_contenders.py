"""The ways to train a reference model that Layerloom is compared with, each as its users would write it."""

import math
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from benchmarks.reference_data import Arrays
from benchmarks.reference_models import ReferenceModel

Tensor = Any
"""A tensor of TensorFlow or of PyTorch, neither of which has types."""

EndTimes = list[float]
"""`time.perf_counter()` at the end of each epoch."""

TRIAL_S = 0.4
MOST_TRIAL_EPOCHS = 200
WHOLE_EPOCH = 0


class Contender(Protocol):
    """One way to train. `settings` says, once it has trained, which of its own variants it settled on."""

    settings: str

    def train(self, epochs: int) -> EndTimes:
        """Trains on; the first call builds and compiles too."""


class Fit:
    """Keras's `fit`. `steps_per_execution` and `jit_compile` are `compile`'s; None leaves Keras's default."""

    def __init__(
        self,
        model: ReferenceModel,
        arrays: Arrays,
        steps_per_execution: int | None = None,
        jit_compile: bool | None = None,
    ):
        self._reference = model
        self._arrays = arrays
        options: dict[str, Any] = {}
        if steps_per_execution is not None:
            options["steps_per_execution"] = steps_per_execution or count_steps(model, arrays)
        if jit_compile is not None:
            options["jit_compile"] = jit_compile
        self.settings = ", ".join(f"{name}={value}" for name, value in options.items()) or "defaults"
        self._model = model.build()
        self._model.compile(**model.compile_settings, **options)

    def train(self, epochs: int) -> EndTimes:
        import keras

        ends: EndTimes = []
        note_end = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: ends.append(time.perf_counter()))
        self._model.fit(
            _one_or_all(self._arrays.inputs),
            self._arrays.target,
            batch_size=self._reference.batch_size,
            epochs=epochs,
            verbose=0,
            callbacks=[note_end],
        )
        return ends


class TensorFlowLoop:
    """What the bare loops share: gradients of a Keras model, mean loss and metric of an epoch."""

    def __init__(self, model: ReferenceModel, arrays: Arrays, jit_compile: bool = False):
        import keras
        import tensorflow as tf

        self.settings = "XLA" if jit_compile else "graph"
        self._task = model.task
        self._batch_size = model.batch_size
        self._samples = arrays.samples
        self._model = model.build()
        self._loss = keras.losses.get(model.loss)
        self._optimizer = keras.optimizers.get(model.optimizer)
        self._optimizer.build(self._model.trainable_variables)
        self._inputs = [tf.constant(array) for array in arrays.inputs]
        self._target = tf.constant(arrays.target)
        self.history: list[tuple[float, float]] = []

    def train(self, epochs: int) -> EndTimes:
        ends = []
        for _ in range(epochs):
            loss, metric = self._run_epoch()
            self.history.append((float(loss) / self._samples, float(metric) / self._samples))
            ends.append(time.perf_counter())
        return ends

    def _run_epoch(self) -> tuple[Tensor, Tensor]:
        raise NotImplementedError

    def _update(self, inputs: Sequence[Tensor], target: Tensor) -> tuple[Tensor, Tensor]:
        """One step. Sums over the batch's samples of the loss and of the metric."""
        import tensorflow as tf

        with tf.GradientTape() as tape:
            output = self._model(_one_or_all(inputs), training=True)
            target = target if self._task == "classes" else target[:, None]
            loss = tf.reduce_mean(self._loss(target, output))
        variables = self._model.trainable_variables
        self._optimizer.apply(tape.gradient(loss, variables), variables)
        samples = tf.cast(tf.shape(target)[0], tf.float32)
        return loss * samples, tf.reduce_sum(self._measure(target, output))

    def _measure(self, target: Tensor, output: Tensor) -> Tensor:
        import tensorflow as tf

        if self._task == "numbers":
            return tf.abs(output - target)
        hits = output > 0.5
        if self._task == "classes":
            return tf.cast(tf.argmax(output, axis=1, output_type=target.dtype) == target, tf.float32)
        return tf.cast(hits == (target > 0.5), tf.float32)


class StepLoop(TensorFlowLoop):
    """A compiled step, called from Python for each batch of a `tf.data.Dataset`."""

    def __init__(self, model: ReferenceModel, arrays: Arrays, jit_compile: bool = False):
        import tensorflow as tf

        super().__init__(model, arrays, jit_compile)
        self.settings += ", step by step"
        batches = tf.data.Dataset.from_tensor_slices((tuple(self._inputs), self._target))
        batches = batches.shuffle(arrays.samples).batch(model.batch_size)
        self._batches = batches.prefetch(tf.data.AUTOTUNE)
        self._step = tf.function(self._update, jit_compile=jit_compile, reduce_retracing=not jit_compile)

    def _run_epoch(self) -> tuple[Tensor, Tensor]:
        loss = metric = 0.0
        for inputs, target in self._batches:
            batch_loss, batch_metric = self._step(inputs, target)
            loss += batch_loss
            metric += batch_metric
        return loss, metric


class EpochLoop(TensorFlowLoop):
    """A whole epoch as one compiled function: batches are gathered by a shuffled order."""

    def __init__(self, model: ReferenceModel, arrays: Arrays, jit_compile: bool = False):
        import tensorflow as tf

        super().__init__(model, arrays, jit_compile)
        self.settings += ", whole epochs"
        self._epoch = tf.function(self._train_in_order, jit_compile=jit_compile)

    def _run_epoch(self) -> tuple[Tensor, Tensor]:
        import numpy as np
        import tensorflow as tf

        order = tf.constant(np.random.permutation(self._samples).astype("int32"))
        sums: tuple[Tensor, Tensor] = self._epoch(order)
        return sums

    def _train_in_order(self, order: Tensor) -> tuple[Tensor, Tensor]:
        import tensorflow as tf

        size = self._batch_size
        steps, rest = divmod(self._samples, size)

        def train_on(rows: Tensor) -> tuple[Tensor, Tensor]:
            return self._update([tf.gather(array, rows) for array in self._inputs], tf.gather(self._target, rows))

        def advance(step: Tensor, loss: Tensor, metric: Tensor) -> tuple[Tensor, Tensor, Tensor]:
            batch_loss, batch_metric = train_on(tf.slice(order, [step * size], [size]))
            return step + 1, loss + batch_loss, metric + batch_metric

        _, loss, metric = tf.while_loop(
            lambda step, *_: step < steps, advance, (tf.constant(0), tf.constant(0.0), tf.constant(0.0))
        )
        if rest:
            batch_loss, batch_metric = train_on(order[-rest:])
            loss, metric = loss + batch_loss, metric + batch_metric
        return loss, metric


class TorchLoop:
    """PyTorch as its users write it for data that fits into memory, step by step in eager mode."""

    def __init__(self, model: ReferenceModel, arrays: Arrays):
        import torch

        from benchmarks.reference_torch import BUILDERS

        self.settings = f"PyTorch {torch.__version__}"
        self._task = model.task
        self._batch_size = model.batch_size
        self._inputs = [torch.from_numpy(array.copy()) for array in arrays.inputs]
        if model.name == "mnist_cnn":
            self._inputs = [self._inputs[0].permute(0, 3, 1, 2).contiguous()]
        target = torch.from_numpy(arrays.target.copy())
        self._target = target.long() if model.task == "classes" else target[:, None]
        self._model = BUILDERS[model.name]()
        losses = {"classes": torch.nn.CrossEntropyLoss, "binary": torch.nn.BCEWithLogitsLoss}
        self._loss = losses.get(model.task, torch.nn.MSELoss)()
        optimizers = {"adam": torch.optim.Adam, "rmsprop": torch.optim.RMSprop}
        self._optimizer = optimizers[model.optimizer](self._model.parameters(), lr=0.001)
        self.history: list[tuple[float, float]] = []

    def train(self, epochs: int) -> EndTimes:
        self._model.train()
        ends = []
        for _ in range(epochs):
            self.history.append(self._run_epoch())
            ends.append(time.perf_counter())
        return ends

    def _run_epoch(self) -> tuple[float, float]:
        import torch

        samples = len(self._target)
        loss_sum, metric_sum = torch.zeros(()), torch.zeros(())
        for rows in torch.randperm(samples).split(self._batch_size):
            target = self._target[rows]
            self._optimizer.zero_grad()
            output = self._model(*(array[rows] for array in self._inputs))
            loss = self._loss(output, target)
            loss.backward()
            self._optimizer.step()
            loss_sum += loss.detach() * len(rows)
            metric_sum += self._measure(target, output.detach())
        return loss_sum.item() / samples, metric_sum.item() / samples

    def _measure(self, target: Tensor, output: Tensor) -> Tensor:
        if self._task == "classes":
            return (output.argmax(dim=1) == target).sum()
        if self._task == "binary":
            return ((output > 0) == (target > 0.5)).sum()
        return (output - target).abs().sum()


class BestOf:
    """Tries its variants for a moment each, and trains with the fastest."""

    def __init__(self, variants: Sequence[Callable[[], Contender]]):
        self._variants = list(variants)
        self._chosen: Contender | None = None
        self.settings = ""

    def train(self, epochs: int) -> EndTimes:
        if self._chosen is None:
            self._chosen = self._choose()
            self.settings = self._chosen.settings
        return self._chosen.train(epochs)

    def _choose(self) -> Contender:
        best: tuple[float, Contender] | None = None
        for make in self._variants:
            contender = make()
            seconds = time_epoch(contender)
            if best is None or seconds < best[0]:
                best = seconds, contender
        if best is None:
            raise ValueError("there is nothing to choose from; expected at least one variant")
        return best[1]


def time_epoch(contender: Contender) -> float:
    """Seconds per epoch, once everything is compiled."""
    ends = contender.train(2)
    seconds = ends[1] - ends[0]
    if seconds < TRIAL_S:
        epochs = min(math.ceil(TRIAL_S / seconds), MOST_TRIAL_EPOCHS)
        ends = contender.train(1 + epochs)
        seconds = (ends[-1] - ends[0]) / epochs
    return seconds


def count_steps(model: ReferenceModel, arrays: Arrays) -> int:
    """Steps per epoch, the last smaller batch among them."""
    return -(-arrays.samples // model.batch_size)


def _one_or_all(inputs: Sequence[Tensor]) -> Tensor:
    return inputs[0] if len(inputs) == 1 else list(inputs)


def tune_fit(model: ReferenceModel, arrays: Arrays, jit_compile: bool) -> Contender:
    """`fit` with the fastest of some numbers of steps per execution."""
    sizes = (32, WHOLE_EPOCH) if jit_compile else (8, 32, WHOLE_EPOCH)
    return BestOf([lambda size=size: Fit(model, arrays, size, jit_compile) for size in sizes])  # type: ignore[misc]


def tune_loop(model: ReferenceModel, arrays: Arrays, jit_compile: bool) -> Contender:
    """The faster of the two bare loops."""
    return BestOf([lambda: EpochLoop(model, arrays, jit_compile), lambda: StepLoop(model, arrays, jit_compile)])


CONTENDERS: dict[str, Callable[[ReferenceModel, Arrays], Contender]] = {
    "fit": Fit,
    "fit_graph": lambda model, arrays: tune_fit(model, arrays, jit_compile=False),
    "fit_xla": lambda model, arrays: tune_fit(model, arrays, jit_compile=True),
    "loop_graph": lambda model, arrays: tune_loop(model, arrays, jit_compile=False),
    "loop_xla": lambda model, arrays: tune_loop(model, arrays, jit_compile=True),
    "torch": TorchLoop,
}
