"""What XLA cannot compile, known before it is tried: texts, and layers that look words up."""

import keras
import tensorflow as tf

from engine.layers.preprocessing import FAMILY
from engine.training.samples import Samples
from engine.training.text_layers import TextPart, find_text_part
from engine.training.texts import holds_texts


def find_xla_obstacle(model: keras.Model, samples: Samples) -> str | None:
    """Why XLA cannot compile a step of the model on these samples, None where nothing is known against it."""
    if any(holds_texts(array) for array in tf.nest.flatten(samples.arrays)):
        return "XLA compiles nothing with texts."
    # Where texts go in and none are there, the layers of texts have done their part before the training.
    part = find_text_part(model)
    done = part.layers if isinstance(part, TextPart) else []
    skipped = {id(one) for layer in done for one in _list_within(layer)}
    # Others say so too, of which XLA compiles most.
    for layer in _list_within(model):
        if id(layer) not in skipped and type(layer).__module__.startswith(FAMILY) and not layer.supports_jit:
            return f"XLA does not compile {type(layer).__name__}."
    return None


def _list_within(layer: keras.layers.Layer) -> list[keras.layers.Layer]:
    return list(layer._flatten_layers())  # noqa: SLF001 - there is no other way to the layers inside layers
