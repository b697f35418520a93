"""Data of all kinds for layers that learn, and graphs of them."""

import keras
import numpy as np
from pydantic import JsonValue

from engine.data.source import Array
from engine.graph.document import Graph
from engine.training.feeding import FedData
from tests.engine.models.sketch import Sketch

SAMPLES = 300
RANDOM = np.random.default_rng(4)
NUMBERS: Array = RANDOM.normal(3, 2, (SAMPLES, 4)).astype("float32")
WHOLE: Array = RANDOM.integers(0, 6, (SAMPLES, 2))
CITIES: Array = np.array([["Köln", "Łódź", "東京"][i % 3] for i in range(SAMPLES)], dtype=object)
TEXTS: Array = np.array(
    [f"the {'good' if i % 3 else 'bad'} film, number {i % 40}!" for i in range(SAMPLES)], dtype=object
)


def feed(*inputs: Array) -> FedData:
    """Arrays for a graph's inputs, with a target of zeros."""
    return FedData(list(inputs), [np.zeros(len(inputs[0]))], ["zeros"])


def put_behind_input(class_name: str, array: Array, **config: JsonValue) -> Graph:
    """An input `x` for the array, and a layer `learner` behind it."""
    sketch = Sketch()
    dtype = "string" if array.dtype == object else str(array.dtype)
    sketch.add("x", "InputLayer", shape=[*array.shape[1:]], dtype=dtype)
    sketch.add("learner", class_name, "x")
    sketch.graph.layers[-1].config = config
    return sketch.end("learner")


def find_config(graph: Graph, layer_id: str = "learner") -> dict[str, JsonValue]:
    """The config of a layer."""
    return next(layer.config for layer in graph.layers if layer.id == layer_id)


def compute(model: keras.Model, *inputs: Array) -> Array:
    """What the model infers for arrays of numbers and texts."""
    given = [keras.ops.convert_to_tensor(array, dtype="string" if array.dtype == object else None) for array in inputs]
    answered = model(given[0] if len(given) == 1 else given, training=False)
    return np.asarray(answered)
