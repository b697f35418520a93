"""What calls of layers gave, remembered under everything that they depend on."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

import keras
from cachetools import LRUCache

from engine.graph.document import Edge, Layer, Node
from engine.models.faults import LayerError
from engine.models.results import CheckResult, LayerResult, NodeResult, TensorSpec
from engine.models.tensors import Spec

Key = bytes


@dataclass(frozen=True)
class Outcome:
    """A call that worked: its output tensors, what Keras warned of, and the layer's counts after it."""

    outputs: tuple[Spec, ...]
    warnings: tuple[str, ...]
    layer: LayerResult
    node: NodeResult

    @classmethod
    def of(
        cls, inputs: Iterable[Spec], outputs: Iterable[Spec], warnings: Iterable[str], layer: LayerResult
    ) -> "Outcome":
        """An outcome with the node's result made from the specs."""
        specs = tuple(outputs)
        node = NodeResult(inputs=[_show(spec) for spec in inputs], outputs=[_show(spec) for spec in specs])
        return cls(specs, tuple(warnings), layer, node)


CallCache = LRUCache[Key, Outcome | LayerError | CheckResult]


def _show(spec: Spec) -> TensorSpec:
    return TensorSpec(shape=list(spec.shape), dtype=spec.dtype)


def hash_layer(layer: Layer, settings: str | None = None) -> Key:
    """The key of all that makes the layer what it is, apart from its names, so that a copy of it is found too.

    Keras's own settings belong to it, because they are the defaults of what the config leaves out: those that are
    given, or those of now.
    """
    parts = (layer.class_name, layer.package, layer.config, layer.trainable, layer.graph, layer.code)
    return _digest(repr((settings or read_settings(), parts)))


def read_settings() -> str:
    """Keras's own settings as text, to be read once for many layers."""
    return repr((keras.config.dtype_policy().name, keras.config.floatx(), keras.config.image_data_format()))


def hash_call(layer: Key, earlier: Key, node: Node, edges: list[Edge], specs: dict[str, Spec]) -> Key:
    """The key of one call: the layer, its calls before this one, the constants, and what comes in where."""
    places = [(edge.argument, edge.path, specs[edge.id].key) for edge in edges]
    return _digest(repr((node.arguments, places)), layer, earlier)


def hash_nested(layer: Key, depth: int) -> Key:
    """The key of the check of a layer's own graph, at this depth."""
    return _digest(repr(depth), layer)


def hash_failure(call: Key, layer: Layer) -> Key:
    """The key of a call that failed. The message names the layer, so the name belongs to it."""
    return _digest(repr(layer.keras_name), call)


def _digest(text: str, *keys: Key) -> Key:
    return blake2b(b"".join([*keys, text.encode("utf-8", "surrogatepass")]), digest_size=20).digest()
