"""Symbolic tensors of a graph compiled into functions, and gradients between them."""

from collections.abc import Callable, Sequence

import keras
import tensorflow as tf

from engine.errors import EngineError
from engine.models.explain import read_message

Values = Sequence[object]
"""Arrays or tensors, one for each symbolic tensor, in the same order."""

CompiledFunction = Callable[[Values], list["tf.Tensor"]]


def function(
    inputs: Sequence["keras.KerasTensor"], outputs: Sequence["keras.KerasTensor"], *, training: bool = False
) -> CompiledFunction:
    """A function from values of the inputs to values of the outputs; the weights are those that the layers have.

    The tensors are any of one linked graph (`engine.models.builder.trace_graph`), also inner ones: what lies between
    inputs and outputs is cut out as a Keras model of its own, which shares the layers, and traced once into a
    TensorFlow graph (`tf.function`). With `training`, layers do what they do in `fit`: dropout drops, batch
    normalization uses the batch and updates its averages. Raises `EngineError` `not_connected` where an output needs
    a tensor that is neither an input nor follows from one.
    """
    part = _cut_out(inputs, outputs)
    compiled = tf.function(lambda values: part(values, training), autograph=False)
    return lambda values: list(compiled([tf.convert_to_tensor(value) for value in values]))


def gradients(
    inputs: Sequence["keras.KerasTensor"],
    outputs: Sequence["keras.KerasTensor"],
    with_respect_to: "Sequence[keras.Variable] | Sequence[int]",
    *,
    training: bool = False,
) -> CompiledFunction:
    """A function from values of the inputs to the derivatives of the sum of all numbers in all outputs.

    `with_respect_to` are variables, or places in `inputs`. Each derivative has the shape of what it is taken with
    respect to, and is None where the outputs do not depend on it, or only through whole numbers. Computed in
    reverse mode by TensorFlow's `GradientTape`, traced once. Raises what `function` raises.
    """
    part = _cut_out(inputs, outputs)

    def differentiate(values: Sequence["tf.Tensor"]) -> list["tf.Tensor | None"]:
        with tf.GradientTape() as tape:
            tape.watch([value for value in values if value.dtype.is_floating])
            results = part(values, training)
            total = tf.add_n([tf.reduce_sum(tf.cast(result, tf.float64)) for result in results])
        sources = [values[one] if isinstance(one, int) else one.value for one in with_respect_to]
        return list(tape.gradient(total, sources))

    compiled = tf.function(differentiate, autograph=False)
    return lambda values: list(compiled([tf.convert_to_tensor(value) for value in values]))


def image_data_format() -> str:
    """Where Keras expects the channels of an image: `channels_last` or `channels_first`."""
    answer: str = keras.config.image_data_format()
    return answer


Part = Callable[[Sequence["tf.Tensor"], bool], list["tf.Tensor"]]


def _cut_out(inputs: Sequence["keras.KerasTensor"], outputs: Sequence["keras.KerasTensor"]) -> Part:
    """What lies between the tensors. An output that is an input too is handed on, which a Keras model cannot do."""
    places = {id(tensor): place for place, tensor in enumerate(inputs)}
    computed = [tensor for tensor in outputs if id(tensor) not in places]
    model = _make_model(inputs, computed) if computed else None

    def call(values: Sequence["tf.Tensor"], training: bool) -> list["tf.Tensor"]:
        found = iter(keras.tree.flatten(model(list(values), training=training)) if model is not None else [])
        return [tf.identity(values[places[id(tensor)]]) if id(tensor) in places else next(found) for tensor in outputs]

    return call


def _make_model(inputs: Sequence["keras.KerasTensor"], outputs: Sequence["keras.KerasTensor"]) -> "keras.Model":
    try:
        return keras.Model(list(inputs), list(outputs))
    except ValueError as error:
        raise EngineError(
            "not_connected",
            f"The outputs cannot be computed from these inputs alone: {read_message(error)}",
            "Give values for every input that the outputs depend on.",
        ) from error
