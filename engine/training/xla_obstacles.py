"""What XLA cannot compile, known before it is tried: texts, and layers that look words up."""

import keras
import tensorflow as tf

from engine.layers.preprocessing import FAMILY
from engine.training.samples import Samples
from engine.training.texts import holds_texts


def find_xla_obstacle(model: keras.Model, samples: Samples) -> str | None:
    """Why XLA cannot compile a step of the model on these samples, None where nothing is known against it."""
    if any(holds_texts(array) for array in tf.nest.flatten(samples.arrays)):
        return "XLA compiles nothing with texts."
    # Others say so too, of which XLA compiles most.
    for layer in model._flatten_layers():  # noqa: SLF001 - there is no other way to the layers inside layers
        if type(layer).__module__.startswith(FAMILY) and not layer.supports_jit:
            return f"XLA does not compile {type(layer).__name__}."
    return None
