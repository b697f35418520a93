"""The test parts that `keras.datasets` keeps apart: never trained on, there to be evaluated on."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import keras
import numpy as np
from pydantic import JsonValue

from engine.data.datasets import Dataset, find_source

Read = Callable[..., tuple[np.ndarray, np.ndarray]]

TEST_PARTS: dict[str, Read] = {
    "mnist": lambda: keras.datasets.mnist.load_data()[1],
    "fashion_mnist": lambda: keras.datasets.fashion_mnist.load_data()[1],
    "cifar10": lambda: keras.datasets.cifar10.load_data()[1],
    "cifar100": lambda label_mode: keras.datasets.cifar100.load_data(label_mode=label_mode)[1],
    "imdb": lambda **arguments: keras.datasets.imdb.load_data(**arguments)[1],
    "reuters": lambda **arguments: keras.datasets.reuters.load_data(**arguments)[1],
    "boston_housing": lambda **arguments: keras.datasets.boston_housing.load_data(**arguments)[1],
    "california_housing": lambda **arguments: keras.datasets.california_housing.load_data(**arguments)[1],
}
"""By the data set's name. What is not here has no test part."""


def load_test_part(dataset: Dataset, arguments: Mapping[str, JsonValue]) -> Dataset | None:
    """The test part in the form of the data set, which was loaded with these arguments; None where it has none.

    Texts are cut and padded to the length of those in the data set, so that the same model takes them.
    """
    read = TEST_PARTS.get(dataset.name)
    if read is None:
        return None
    wanted = find_source(dataset.name).check_arguments(arguments).model_dump(exclude={"maxlen"})
    inputs, targets = read(**wanted)
    if not len(targets):
        return None
    (input_name, known), (target_name, _) = next(iter(dataset.inputs.items())), next(iter(dataset.targets.items()))
    if inputs.dtype == object:
        inputs = keras.utils.pad_sequences(inputs, maxlen=known.shape[1])
    return replace(dataset, inputs={input_name: inputs}, targets={target_name: targets})
