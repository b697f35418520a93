"""One call of a layer traced by TensorFlow on tensors of known size: what it computes, and which weights it has."""

from dataclasses import dataclass, field

import keras
import tensorflow as tf
from keras.src.backend import compute_output_spec

from engine.graph.document import Edge, Layer, Node
from engine.models.calling import call_layer
from engine.models.calls import assemble_call
from engine.models.explain import read_message
from engine.models.flops import FlopCount, count_flops
from engine.models.instantiate import GraphLinker, make_layer
from engine.models.tensors import Spec, make_tensor

UNNAMED = "counted"


@dataclass(frozen=True)
class Weight:
    """A trainable weight: its path in the model below the layer's own name, its shape and dtype."""

    path: tuple[str, ...]
    shape: tuple[int, ...]
    dtype: str


@dataclass(frozen=True)
class TracedCall:
    """What a call computes, and the layer's trainable weights. Without a count `unknown` says why there is none."""

    flops: int | None
    uncounted: dict[str, int] = field(default_factory=dict)
    weights: tuple[Weight, ...] = ()
    unknown: str | None = None


def trace_call(layer: Layer, node: Node, edges: list[Edge], specs: dict[str, Spec], link: GraphLinker) -> TracedCall:
    """Traces the call on placeholders, for tensors and weights alike: nothing is allocated, whatever the sizes.

    `specs` has what comes in by each edge's id. To be called in `open_symbolic_scope`. Raises `LayerError` where the
    layer cannot be made or called.
    """
    instance = make_layer(layer, link, UNNAMED)
    tensors = {edge_id: make_tensor(spec) for edge_id, spec in specs.items()}
    args, kwargs = assemble_call(node, edges, tensors)
    call_layer(layer, instance, args, kwargs)
    weights = _list_weights(instance)
    if any(size is None for spec in specs.values() for size in spec.shape):
        return TracedCall(None, weights=weights, unknown="The size of an incoming tensor is not known.")
    try:
        count = _count_call(instance, args, kwargs)
    except Exception as error:  # noqa: BLE001 - TensorFlow raises what it likes; then there is no count
        return TracedCall(None, weights=weights, unknown=f"TensorFlow cannot trace the call: {read_message(error)}")
    return TracedCall(count.flops, dict(count.uncounted), weights)


def _list_weights(instance: "keras.Operation") -> tuple[Weight, ...]:
    return tuple(
        Weight(tuple(weight.path.split("/")[1:]), tuple(weight.shape), weight.dtype)
        for weight in getattr(instance, "trainable_variables", [])
    )


def _count_call(instance: "keras.Operation", args: list[object], kwargs: dict[str, object]) -> FlopCount:
    counts: list[FlopCount] = []

    def call(*args: object, **kwargs: object) -> object:
        values = [
            (variable, tf.compat.v1.placeholder(variable.dtype, variable.shape))
            for variable in getattr(instance, "variables", [])
        ]
        with keras.StatelessScope(state_mapping=values):
            result = instance(*args, **kwargs)
        outputs = [tensor for tensor in tf.nest.flatten(result, expand_composites=True) if tf.is_tensor(tensor)]
        counts.append(count_flops(tf.compat.v1.get_default_graph(), outputs))
        return result

    compute_output_spec(call, *args, **kwargs)
    return counts[-1]
