"""Small data sets for steps."""

import numpy as np

from engine.data.datasets import Dataset
from engine.data.schema import ArraySpec
from engine.data.source import Array
from engine.data.steps.settings import DataStep


def make_dataset(inputs: dict[str, Array], targets: dict[str, Array], classes: int | None = None) -> Dataset:
    """A data set of these arrays; the first target has so many classes."""
    specs = tuple(
        ArraySpec(name=name, shape=list(one.shape[1:]), dtype=str(one.dtype), classes=classes if place == 0 else None)
        for place, (name, one) in enumerate(targets.items())
    )
    return Dataset("made", inputs, targets, (), specs)


def make_series(length: int = 40) -> Dataset:
    """Two columns along time, what is to be predicted, and the number of each step."""
    time = np.arange(length)
    columns = np.stack([time, time * 10.0], axis=1).astype("float32")
    return make_dataset({"features": columns}, {"value": (time * 2).astype("float32"), "step": time})


def step(function: str, array: str, name: str | None = None, **arguments: object) -> DataStep:
    """A step by keyword arguments."""
    return DataStep.model_validate({"function": function, "array": array, "arguments": arguments, "name": name})
