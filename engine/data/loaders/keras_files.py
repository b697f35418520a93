"""Reads the training part of the data sets of `keras.datasets`."""

import keras
import numpy as np

from engine.data.loaders.digits import pair_up

CAT = 3
DOG = 5
UNKNOWN_WORD = 2


def load_mnist() -> dict[str, np.ndarray]:
    """Load grey images of 28 × 28 pixels from 0 to 255, and which digit each shows."""
    (images, digits), _ = keras.datasets.mnist.load_data()
    return {"image": images, "digit": digits}


def load_fashion_mnist() -> dict[str, np.ndarray]:
    """Load grey images of 28 × 28 pixels from 0 to 255, and what each shows."""
    (images, items), _ = keras.datasets.fashion_mnist.load_data()
    return {"image": images, "item": items}


def load_cifar10() -> dict[str, np.ndarray]:
    """Load colour photos of 32 × 32 pixels from 0 to 255, and what each shows."""
    (images, labels), _ = keras.datasets.cifar10.load_data()
    return {"image": images, "label": labels}


def load_cifar100(label_mode: str = "fine") -> dict[str, np.ndarray]:
    """Load colour photos of 32 × 32 pixels from 0 to 255, and what each shows."""
    (images, labels), _ = keras.datasets.cifar100.load_data(label_mode=label_mode)
    return {"image": images, "label": labels}


def load_cifar10_cats_dogs() -> dict[str, np.ndarray]:
    """Load the cats and the dogs of CIFAR-10, and whether each is a dog (1)."""
    (images, labels), _ = keras.datasets.cifar10.load_data()
    labels = labels.ravel()
    rows = np.flatnonzero((labels == CAT) | (labels == DOG))
    return {"image": images[rows], "dog": (labels[rows] == DOG).astype("int32")}


def load_imdb(maxlen: int | None = None, **arguments: int | None) -> dict[str, np.ndarray]:
    """Load film reviews as rows of word numbers, cut and padded to one length, and whether each is positive (1)."""
    (texts, labels), _ = keras.datasets.imdb.load_data(**arguments)
    return {"tokens": keras.utils.pad_sequences(texts, maxlen=maxlen), "sentiment": labels}


def load_imdb_pairs(num_words: int = 10_000, maxlen: int = 80) -> dict[str, np.ndarray]:
    """Load pairs of film reviews, and whether both are positive or both negative (1)."""
    reviews = load_imdb(maxlen, num_words=num_words)
    tokens, sentiment = reviews["tokens"], reviews["sentiment"]
    first, second = pair_up(sentiment)
    same = (sentiment[first] == sentiment[second]).astype("int32")
    return {"first": tokens[first], "second": tokens[second], "same": same}


def load_reuters(maxlen: int | None = None, **arguments: float | None) -> dict[str, np.ndarray]:
    """Load newswires as rows of word numbers, cut and padded to one length, and the topic of each."""
    (texts, topics), _ = keras.datasets.reuters.load_data(**arguments)
    return {"tokens": keras.utils.pad_sequences(texts, maxlen=maxlen), "topic": topics}


def load_reuters_headlines(num_words: int = 10_000, maxlen: int = 20) -> dict[str, np.ndarray]:
    """Load the first words of each newswire, five numbers about the whole of it, and its topic."""
    (texts, topics), _ = keras.datasets.reuters.load_data(num_words=num_words)
    headlines = keras.utils.pad_sequences(texts, maxlen=maxlen, padding="post", truncating="post")
    facts = np.array([measure_text(np.asarray(text), num_words) for text in texts], "float32")
    return {"headline": headlines, "facts": facts, "topic": topics}


def measure_text(text: np.ndarray, num_words: int) -> list[float]:
    """Measure length, share of known and of different words, mean rank of a word, share of the commonest."""
    different, counts = np.unique(text, return_counts=True)
    return [
        float(np.log1p(len(text))),
        float(np.mean(text != UNKNOWN_WORD)),
        len(different) / len(text),
        float(np.mean(text)) / num_words,
        float(counts.max()) / len(text),
    ]


def load_boston_housing(**arguments: float) -> dict[str, np.ndarray]:
    """Load thirteen facts about each quarter of Boston, and the median price of a house in $1,000."""
    (features, prices), _ = keras.datasets.boston_housing.load_data(**arguments)
    return {"features": features, "price": prices}


def load_california_housing(**arguments: str | float) -> dict[str, np.ndarray]:
    """Load eight facts about each quarter of California, and the median price of a house in dollars."""
    (features, prices), _ = keras.datasets.california_housing.load_data(**arguments)
    return {"features": features, "price": prices}
