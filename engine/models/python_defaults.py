"""A layer's config as a person would write it: without what Keras would take anyway."""

import keras
from pydantic import JsonValue

from engine.graph.document import Layer
from engine.models.instantiate import FIELDS, complete_config, construct, read_defaults


def drop_defaults(layer: Layer, layer_class: type, traced: "keras.layers.Layer") -> dict[str, JsonValue]:
    """The config of the document's layer without Keras's defaults. `traced` is what Keras made of the whole config."""
    defaults = read_defaults(layer_class, layer.config) if layer.config else {}
    own = traced.get_config() if defaults else {}
    short = {
        key: value
        for key, value in layer.config.items()
        if key not in defaults or key not in own or own[key] != defaults[key]
    }
    # One default may depend on another argument, as a pooling layer's strides on its pool size.
    return short if short == layer.config or _makes_the_same(layer_class, short, own) else layer.config


def _makes_the_same(layer_class: type, config: dict[str, JsonValue], own: dict[str, object]) -> bool:
    """Whether Keras says of a layer that is made from the config what it says of the other one, but for its name."""
    try:
        made: dict[str, object] = construct(layer_class, complete_config(config)).get_config()
    except Exception:  # noqa: BLE001 - Keras raises what it likes, and any of it means no
        return False
    return all(made.get(key) == value for key, value in own.items() if key not in FIELDS)
