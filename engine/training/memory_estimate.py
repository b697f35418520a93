"""How much memory a training step needs for a batch, and the largest batch for which there is enough."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import keras
import tensorflow as tf

from engine.models.optimizer_memory import OptimizerMeter, count_bytes
from engine.models.traced_memory import measure_peak
from engine.models.tracing import Weight

UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")
ADVICE = "Try a smaller batch size or a smaller model."
ROOM = 1.25
"""So many times what a step needs should be there: TensorFlow needs some of it, and an estimate is not exact."""

RAN_OUT = "The training ran out of memory"
WOULD_RUN_OUT = "The training would run out of memory"

HIDING = (
    keras.layers.RNN,
    keras.layers.Bidirectional,
    keras.layers.Wrapper,
    keras.layers.Attention,
    keras.layers.AdditiveAttention,
    keras.layers.MultiHeadAttention,
    keras.layers.GroupQueryAttention,
)
Shapes = Sequence[tuple[int, ...]]
"""The shape of one sample of each input, in the order of the model's inputs."""


@dataclass(frozen=True, slots=True)
class MemoryEstimate:
    """What a step needs, in bytes: the same for every batch (weights, the optimizer's variables), and per sample."""

    fixed_bytes: int
    sample_bytes: int

    def count_bytes(self, batch_size: int) -> int:
        """The bytes for a batch of this size."""
        return self.fixed_bytes + self.sample_bytes * batch_size

    def find_batch_size(self, limit_bytes: int) -> int | None:
        """The largest power of two whose batch fits, with some room; None where not even one sample does."""
        samples = (int(limit_bytes / ROOM) - self.fixed_bytes) // max(1, self.sample_bytes)
        return None if samples < 1 else 2 ** (samples.bit_length() - 1)


def estimate_memory(model: "keras.Model", batch_size: int, shapes: Shapes | None = None) -> MemoryEstimate:
    """The memory of a step of the built, compiled model, without the data set and without TensorFlow itself.

    Forward and backward pass are traced for two sizes of batch, which takes no memory, and their tensors counted from
    where they are made to where they are last used; weights, gradients and the optimizer's variables come on top. It is
    an estimate: TensorFlow may work in place, and needs room to work in. `shapes` are needed where the model's inputs
    have open dimensions. Raises `ValueError` where a size is not known or the model cannot be traced.
    """
    sizes = (batch_size, 2 * batch_size)
    passes = [_measure_passes(model, size, shapes) for size in sizes]
    # Of some models the larger batch takes less than twice as much; what both share belongs to no sample.
    per_sample = max(0, math.ceil((passes[1] - passes[0]) / batch_size))
    fixed = _measure_state(model) + max(0, passes[0] - per_sample * batch_size)
    return MemoryEstimate(fixed, per_sample)


def measure_step(model: "keras.Model", batch_size: int, shapes: Shapes | None = None) -> int:
    """The bytes of `estimate_memory` for this batch alone, in half the time. Raises the same."""
    return _measure_state(model) + _measure_passes(model, batch_size, shapes)


def guess_memory(model: "keras.Model", batch_size: int) -> int:
    """Bytes of what a step keeps, without tracing it: weights, and what each layer gives, inside nested models too.

    Of the right order for most layers. What a layer makes only inside itself is not in it: see `has_hidden_memory`.
    """
    nodes = [node for layer in _list_layers(model) for node in layer._inbound_nodes]  # noqa: SLF001 - no public list
    shapes: list[tuple[int | None, ...]] = [tensor.shape[1:] for node in nodes for tensor in node.outputs]
    return _measure_state(model) + 4 * batch_size * sum(math.prod(filter(None, shape)) for shape in shapes)


def has_hidden_memory(model: "keras.Model") -> bool:
    """Whether a layer may keep much more than it gives, as one that goes through time, or one that is not Keras's."""
    return any(
        isinstance(layer, HIDING) or not type(layer).__module__.startswith("keras.") for layer in _list_layers(model)
    )


def explain_out_of_memory(
    model: "keras.Model",
    batch_size: int,
    limit_bytes: int | None = None,
    shapes: Shapes | None = None,
    *,
    happened: str = RAN_OUT,
) -> str:
    """One sentence for a person whose training ran out of memory: what it needs, and what would fit.

    `limit_bytes` is what a step may take: the memory that the worker may have without what it had taken before.
    `happened` is how the sentence begins.
    """
    try:
        estimate = estimate_memory(model, batch_size, shapes)
    except Exception:  # noqa: BLE001 - it is told after a failure, which it must not replace by another one
        return f"{happened}. {ADVICE}"
    needed = estimate.count_bytes(batch_size)
    beginning = f"{happened}: about {format_bytes(needed)} are needed for a batch of {batch_size:,}"
    if limit_bytes is None:
        return f"{beginning}. {ADVICE}"
    limit = format_bytes(limit_bytes)
    fitting = estimate.find_batch_size(limit_bytes)
    if fitting is None:
        least = format_bytes(estimate.count_bytes(1))
        return f"{beginning}, {least} for one of 1, and there are {limit}. The model is too large for this machine."
    if fitting >= batch_size:
        return (
            f"{beginning}, of {limit} that there are; the rest is taken by something else, such as the data. {ADVICE}"
        )
    return f"{beginning}; {fitting:,} would fit into {limit}."


def format_bytes(size: int) -> str:
    """`3.1 GiB`: one digit after the point from KiB on."""
    number, place = float(size), 0
    while number >= 1023.95 and place < len(UNITS) - 1:
        number, place = number / 1024, place + 1
    text = f"{number:.1f}".removesuffix(".0")
    return f"{text} {UNITS[place]}"


def _measure_passes(model: "keras.Model", batch_size: int, shapes: Shapes | None) -> int:
    """The most that the tensors of forward and backward pass take at one time, the inputs and gradients included."""
    with tf.__internal__.FuncGraph("memory").as_default() as graph:
        values = [(variable, tf.compat.v1.placeholder(variable.dtype, variable.shape)) for variable in model.variables]
        of_variable = {id(variable): value for variable, value in values}
        inputs = _make_inputs(model, batch_size, shapes)
        with keras.StatelessScope(state_mapping=values, collect_losses=True):
            outputs = model(_arrange(model, inputs), training=True)
            # The targets are not known here; a loss that takes every number stands for the model's own.
            parts = [tf.reduce_sum(tf.square(tf.cast(one, tf.float32))) for one in keras.tree.flatten(outputs)]
            total = tf.add_n([*parts, *(tf.cast(one, tf.float32) for one in model.losses)])
        found = tf.gradients(total, [of_variable[id(weight)] for weight in model.trainable_variables])
    gradients = [part for one in found if one is not None for part in _list_parts(one)]
    batch: int = sum(math.prod(one.shape) * one.dtype.size for one in inputs)
    return measure_peak(graph, gradients) + batch


def _arrange(model: "keras.Model", inputs: list["tf.Tensor"]) -> object:
    """The inputs as the model takes them: one alone, or several in the structure that it was made with."""
    # Keras has no public name for it, and would warn of another structure.
    structure = getattr(model, "_inputs_struct", model.inputs)
    return inputs[0] if len(inputs) == 1 else keras.tree.pack_sequence_as(structure, inputs)


def _list_parts(gradient: "tf.Tensor | tf.IndexedSlices") -> list["tf.Tensor"]:
    if isinstance(gradient, tf.IndexedSlices):
        return [gradient.values, gradient.indices]
    return [gradient]


def _make_inputs(model: "keras.Model", batch_size: int, shapes: Shapes | None) -> list["tf.Tensor"]:
    inputs = []
    for place, tensor in enumerate(model.inputs):
        own = tensor.shape[1:]
        given = own if shapes is None else shapes[place]
        wanted = [size if size is not None else other for size, other in zip(own, given, strict=True)]
        if any(size is None for size in wanted):
            raise ValueError(f"The input {tensor.name!r} has the shape {tuple(own)}, and nothing says how large it is.")
        inputs.append(tf.compat.v1.placeholder(tensor.dtype, (batch_size, *wanted)))
    return inputs


def _list_layers(model: "keras.Model") -> list["keras.layers.Layer"]:
    """The layers that are no models, inside nested models too."""
    found = []
    for layer in model.layers:
        found += _list_layers(layer) if isinstance(layer, keras.Model) else [layer]
    return found


def _measure_state(model: "keras.Model") -> int:
    """The weights and the optimizer's variables, in bytes."""
    return sum(count_bytes(tuple(one.shape), one.dtype) for one in model.variables) + _measure_optimizer(model)


def _measure_optimizer(model: "keras.Model") -> int:
    """The optimizer's variables, also where it has not made them yet."""
    optimizer = model.optimizer
    if optimizer.built:
        return sum(count_bytes(tuple(one.shape), one.dtype) for one in optimizer.variables)
    weights = [Weight(tuple(one.path.split("/")), tuple(one.shape), one.dtype) for one in model.trainable_variables]
    return OptimizerMeter().count_bytes(type(optimizer).from_config(optimizer.get_config()), weights)
