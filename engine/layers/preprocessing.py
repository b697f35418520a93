"""Which layers prepare data: those that stand in Keras's own folder for that."""

from engine.graph.document import Layer
from engine.graph.topology import INPUT_LAYER
from engine.layers.discover import find_class

FAMILY = "keras.src.layers.preprocessing."


def is_preprocessing(layer: Layer) -> bool:
    """Whether the layer is one of Keras's preprocessing layers, or a model of nothing but such layers."""
    if layer.package is not None:
        return False
    if layer.graph is not None:
        inner = [one for one in layer.graph.layers if one.class_name != INPUT_LAYER]
        return bool(inner) and all(map(is_preprocessing, inner))
    found = find_class("layers", layer.class_name)
    return found is not None and found.__module__.startswith(FAMILY)
