"""One real call of a Keras layer on symbolic tensors, and what comes out of it."""

import re

import keras

from engine.graph.document import Layer
from engine.models.explain import explain_call_error
from engine.models.faults import clean_text
from engine.models.scope import record_warnings
from engine.models.tensors import read_spec

LAYER_MENTION = re.compile(r"Layer '[^']*' \(of type (\w+)\)")
"""How a warning names the layer. It is remembered for layers of any name, so only the class is kept."""


def call_layer(
    layer: Layer, instance: "keras.layers.Layer", args: list[object], kwargs: dict[str, object]
) -> tuple[list["keras.KerasTensor"], list[str]]:
    """The output tensors, in Keras's order, and what Keras warned of. Raises `LayerError`."""
    with record_warnings() as warned:
        try:
            result = instance.output if isinstance(instance, keras.layers.InputLayer) else instance(*args, **kwargs)
        except Exception as error:
            inputs = [read_spec(x) for x in keras.tree.flatten([args, kwargs]) if isinstance(x, keras.KerasTensor)]
            raise explain_call_error(layer.class_name, layer.config, error, inputs) from error
    tensors = [tensor for tensor in keras.tree.flatten(result) if isinstance(tensor, keras.KerasTensor)]
    return tensors, [LAYER_MENTION.sub(r"\1", clean_text(text)) for text in warned]
