"""What preprocessing layers learn by `adapt`: whether a document's layer has it, and how it is read from Keras's."""

from collections.abc import Mapping

import keras
import numpy as np
from pydantic import JsonValue

from engine.graph.document import Graph, Layer
from engine.layers.overlay import LEARNED, REPLACED_BY_LEARNED

VOCABULARY = "vocabulary"
WITH_WEIGHTS = "tf_idf"
"""The output mode in which each word has a weight too."""


def can_learn(layer: Layer) -> bool:
    """Whether the layer is of a class that learns by `adapt`."""
    return layer.package is None and layer.class_name in LEARNED


def has_to_learn(layer: Layer) -> bool:
    """Whether the layer learns by `adapt`, and its config does not say what it has learned."""
    return can_learn(layer) and layer.config.get(LEARNED[layer.class_name][0]) is None


def has_unlearned(graph: Graph) -> bool:
    """Whether any layer of the graph, or of one inside it, has still to learn."""
    return any(is_unlearned(layer) for layer in graph.layers)


def is_unlearned(layer: Layer) -> bool:
    """Whether the layer, or one of the graph that it holds, has still to learn."""
    return has_to_learn(layer) or (layer.graph is not None and has_unlearned(layer.graph))


def learns_words(layer: Layer) -> bool:
    """Whether what the layer learns is a vocabulary."""
    return can_learn(layer) and VOCABULARY in LEARNED[layer.class_name]


def put_learned(layer: Layer, learned: Mapping[str, JsonValue]) -> Layer:
    """The document's layer with what was learned in its config."""
    replaced = {REPLACED_BY_LEARNED.get((layer.class_name, argument)) for argument in learned}
    config = {key: value for key, value in layer.config.items() if key not in replaced}
    return layer.model_copy(update={"config": {**config, **learned}})


def read_learned(layer: "keras.layers.Layer") -> dict[str, JsonValue]:
    """What an adapted layer of Keras has learned, by the arguments with which a new one knows it from the start."""
    match layer:
        case keras.layers.Normalization():
            return {"mean": _to_json(layer.adapt_mean), "variance": _to_json(layer.adapt_variance)}
        case keras.layers.Discretization():
            return {"bin_boundaries": _to_json(layer.bin_boundaries)}
        case keras.layers.TextVectorization():
            return _read_words(layer._lookup_layer)  # noqa: SLF001 - where the weights of the words are
        case keras.layers.StringLookup() | keras.layers.IntegerLookup():
            return _read_words(layer)
    raise TypeError(f"{type(layer).__name__} does not learn by adapt, or nothing is known of how")


def _read_words(layer: "keras.layers.StringLookup | keras.layers.IntegerLookup") -> dict[str, JsonValue]:
    if layer.output_mode != WITH_WEIGHTS:
        return {VOCABULARY: _to_json(layer.get_vocabulary(include_special_tokens=False))}
    # With the word for what is unknown, whose weight Keras would make up anew otherwise.
    words = layer.get_vocabulary()
    return {VOCABULARY: _to_json(words), "idf_weights": _to_json(np.asarray(layer.idf_weights_const)[: len(words)])}


def _to_json(value: object) -> JsonValue:
    if isinstance(value, list):
        # Word by word: numpy would cut off what texts end with.
        return [one.item() if isinstance(one, np.generic) else one for one in value]
    plain: JsonValue = np.asarray(value).tolist()
    return plain
