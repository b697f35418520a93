"""Reads the test part of the data sets of `keras.datasets`, in the form of their training part."""

import keras
import numpy as np


def load_mnist_test() -> dict[str, np.ndarray]:
    """Load the test images of 28 × 28 pixels from 0 to 255, and which digit each shows."""
    _, (images, digits) = keras.datasets.mnist.load_data()
    return {"image": images, "digit": digits}


def load_fashion_mnist_test() -> dict[str, np.ndarray]:
    """Load the test images of 28 × 28 pixels from 0 to 255, and what each shows."""
    _, (images, items) = keras.datasets.fashion_mnist.load_data()
    return {"image": images, "item": items}


def load_cifar10_test() -> dict[str, np.ndarray]:
    """Load the test photos of 32 × 32 pixels from 0 to 255, and what each shows."""
    _, (images, labels) = keras.datasets.cifar10.load_data()
    return {"image": images, "label": labels}


def load_cifar100_test(label_mode: str = "fine") -> dict[str, np.ndarray]:
    """Load the test photos of 32 × 32 pixels from 0 to 255, and what each shows."""
    _, (images, labels) = keras.datasets.cifar100.load_data(label_mode=label_mode)
    return {"image": images, "label": labels}


def load_imdb_test(maxlen: int | None = None, **arguments: int | None) -> dict[str, np.ndarray]:
    """Load the test reviews as rows of word numbers as long as those for training, and whether each is positive (1)."""
    (texts, _), (test_texts, labels) = keras.datasets.imdb.load_data(**arguments)
    return {"tokens": pad_like(texts, test_texts, maxlen), "sentiment": labels}


def load_reuters_test(maxlen: int | None = None, **arguments: float | None) -> dict[str, np.ndarray]:
    """Load the test newswires as rows of word numbers as long as those for training, and the topic of each."""
    (texts, _), (test_texts, topics) = keras.datasets.reuters.load_data(**arguments)
    return {"tokens": pad_like(texts, test_texts, maxlen), "topic": topics}


def pad_like(texts: np.ndarray, test_texts: np.ndarray, maxlen: int | None) -> np.ndarray:
    """Cut and pad test texts to the length of the training texts, so that the same model takes them."""
    padded: np.ndarray = keras.utils.pad_sequences(test_texts, maxlen=maxlen or max(map(len, texts)))
    return padded


def load_boston_housing_test(**arguments: float) -> dict[str, np.ndarray]:
    """Load thirteen facts about each quarter of the test part, and the median price of a house in $1,000."""
    _, (features, prices) = keras.datasets.boston_housing.load_data(**arguments)
    return {"features": features, "price": prices}


def load_california_housing_test(**arguments: str | float) -> dict[str, np.ndarray]:
    """Load eight facts about each quarter of the test part, and the median price of a house in dollars."""
    _, (features, prices) = keras.datasets.california_housing.load_data(**arguments)
    return {"features": features, "price": prices}
