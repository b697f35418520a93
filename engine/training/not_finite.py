"""Where a number that is not finite came from: the batch, a weight, a layer's output, the loss or a gradient."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import tensorflow as tf

Batch = Sequence[Any]
"""`(x,)`, `(x, y)` or `(x, y, sample_weight)`, each as `fit` takes it; `y` and `sample_weight` may be None."""


def find_first_not_finite(model: "keras.Model", batch: Batch) -> str | None:
    """What was not finite first when the built, compiled model was trained on the batch, None where all was finite.

    The model has to be in the state before the step. Looked at are, in this order, the batch, the trainable weights,
    the output of every layer as it is called (inside nested models and wrappers too), the loss, and the gradients of
    the trainable weights. The answer is the subject and predicate of a sentence, such as `the output of layer 'dense_2'
    (Dense) had 12 of 640 numbers that are not finite`.

    Nothing of the model is changed: what its layers and metrics assign (averages, seeds, states) is thrown away.
    """
    x, y, sample_weight = (_to_tensors(part) for part in keras.utils.unpack_x_y_sample_weight(tuple(batch)))
    return (
        _look_at_batch(model, x, y, sample_weight)
        or _look_at_weights(model.trainable_weights)
        or _look_at_step(model, x, y, sample_weight)
    )


def _look_at_batch(model: "keras.Model", x: object, y: object, sample_weight: object) -> str | None:
    inputs = getattr(model, "inputs", None) or []
    for place, tensor in enumerate(_list_tensors(x)):
        which = f"input {inputs[place].name!r}" if place < len(inputs) else f"input {place}"
        if (count := _count(tensor)) is not None:
            return f"the data for {which} had {count}"
    for what, part in (("the targets", y), ("the sample weights", sample_weight)):
        for tensor in _list_tensors(part):
            if (count := _count(tensor)) is not None:
                return f"{what} of the batch had {count}"
    return None


def _look_at_weights(weights: Sequence["keras.Variable"]) -> str | None:
    for weight in weights:
        if (count := _count(tf.convert_to_tensor(weight.value))) is not None:
            return f"the weight {weight.path!r} had {count}, from an update that was too large"
    return None


def _look_at_step(model: "keras.Model", x: object, y: object, sample_weight: object) -> str | None:
    """Forward, loss and gradients as Keras's `train_step` computes them, without what it changes."""
    weights = model.trainable_weights
    values = [tf.convert_to_tensor(weight.value) for weight in weights]
    watch = _Watch(model)
    with keras.StatelessScope(state_mapping=list(zip(weights, values, strict=True)), collect_losses=True):
        with tf.GradientTape() as tape:
            tape.watch(values)
            with watch.calls():
                prediction = model(x, training=True)
            if watch.found is not None:
                return watch.found
            loss = model.compute_loss(x=x, y=y, y_pred=prediction, sample_weight=sample_weight, training=True)
        if _count(loss) is not None:
            return f"the loss was {float(loss)}, though the output of every layer was finite"
        gradients = tape.gradient(loss, values)
    for weight, gradient in zip(weights, gradients, strict=True):
        # The gradient of an embedding is a list of rows.
        numbers = gradient.values if isinstance(gradient, tf.IndexedSlices) else gradient
        if numbers is not None and (count := _count(numbers)) is not None:
            return f"the gradient of {weight.path!r} had {count}"
    return None


class _Watch:
    """Looks at what every layer and operation of a model gives, from the innermost on, and keeps the first finding."""

    def __init__(self, model: "keras.Model"):
        self.found: str | None = None
        self._model = model
        self._around: list[keras.Operation] = []

    @contextmanager
    def calls(self) -> Iterator[None]:
        """Puts a function around each one's `call`, and takes it away again."""
        watched = [one for one in _list_operations(self._model) if one is not self._model]
        # Written past `__setattr__`, by which a layer would begin to track what it is given.
        before = {id(one): one.__dict__["call"] for one in watched if "call" in one.__dict__}
        for one in watched:
            one.__dict__["call"] = self._wrap(one)
        try:
            yield
        finally:
            for one in watched:
                del one.__dict__["call"]
                if id(one) in before:
                    one.__dict__["call"] = before[id(one)]

    def _wrap(self, operation: "keras.Operation") -> Any:  # noqa: ANN401 - a call takes and gives what the layer likes
        original = operation.call

        def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            self._around.append(operation)
            try:
                outputs = original(*args, **kwargs)
                self._look(outputs)
            finally:
                self._around.pop()
            return outputs

        return call

    def _look(self, outputs: object) -> None:
        if self.found is not None:
            return
        for tensor in _list_tensors(outputs):
            if (count := _count(tensor)) is not None:
                *outer, layer = (f"{one.name!r} ({type(one).__name__})" for one in self._around)
                inside = "".join(f" within {one}" for one in reversed(outer))
                self.found = f"the output of layer {layer}{inside} had {count}"
                return


def _list_operations(model: "keras.Model") -> list["keras.Operation"]:
    """The model, its layers and operations, and all that are inside them, each once."""
    found: dict[int, keras.Operation] = {}
    waiting: list[keras.Operation] = [model]
    while waiting:
        one = waiting.pop()
        if id(one) not in found:
            found[id(one)] = one
            waiting += getattr(one, "operations", [])
            if isinstance(one, keras.Layer):
                waiting += one._flatten_layers(include_self=False, recursive=False)  # noqa: SLF001 - has no public name
    return list(found.values())


def _to_tensors(part: object) -> object:
    return keras.tree.map_structure(lambda array: None if array is None else tf.convert_to_tensor(array), part)


def _list_tensors(values: object) -> list["tf.Tensor"]:
    """Those that have numbers already: a layer inside a loop of TensorFlow's is traced, and gives none."""
    return [one for one in keras.tree.flatten(values) if isinstance(one, tf.Tensor) and not tf.is_symbolic_tensor(one)]


def _count(tensor: "tf.Tensor") -> str | None:
    """How many of the tensor's numbers are not finite, in words; None where all are."""
    if not tensor.dtype.is_floating:
        return None
    finite = int(tf.math.count_nonzero(tf.math.is_finite(tensor)))
    total = int(tf.size(tensor))
    if finite == total:
        return None
    return f"{total - finite:,} of {total:,} numbers that {'is' if total - finite == 1 else 'are'} not finite"
