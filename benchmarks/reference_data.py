"""The arrays that the reference models are trained on: real ones from Keras's cache, else drawn with a seed."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.reference_models import REVIEW_LENGTH, TWEET_CHARACTERS, TWEET_LENGTH, WORDS

Array = npt.NDArray[np.number]
WORDS_PER_TEXT = 120
FOLDER_VARIABLE = "LAYERLOOM_BENCHMARK_DATA"
"""Names the folder of the arrays to the processes of the benchmark's server."""


@dataclass(frozen=True)
class Arrays:
    """What one model is trained on, samples along axis 0."""

    inputs: list[Array]
    target: Array

    @property
    def samples(self) -> int:
        return len(self.target)

    def cut(self, samples: int) -> "Arrays":
        """The first samples."""
        return Arrays([array[:samples] for array in self.inputs], self.target[:samples])


def make_digits(random: np.random.Generator) -> tuple[Arrays, str]:
    del random
    from engine.data.loaders.digits import load_digits

    digits = load_digits()
    return Arrays([digits["image"]], digits["digit"]), "scikit-learn's digits"


def make_imdb(random: np.random.Generator) -> tuple[Arrays, str]:
    return _make_texts(random, "imdb", samples=10_000, classes=2)


def make_reuters(random: np.random.Generator) -> tuple[Arrays, str]:
    return _make_texts(random, "reuters", samples=8_982, classes=46)


def make_boston(random: np.random.Generator) -> tuple[Arrays, str]:
    if arrays := _read("boston_housing"):
        features, prices = arrays
        features = (features - features.mean(axis=0)) / features.std(axis=0)
        origin = "Boston housing"
    else:
        features = random.normal(size=(404, 13))
        prices, origin = 22 + 5 * features[:, 0], "drawn"
    return Arrays([features.astype("float32")], prices.astype("float32")), origin


def make_mnist(random: np.random.Generator) -> tuple[Arrays, str]:
    if arrays := _read("mnist"):
        images, digits, origin = *arrays, "MNIST"
    else:
        images, digits = random.integers(256, size=(6_400, 28, 28)), random.integers(10, size=6_400)
        origin = "drawn"
    images = (images[:6_400, :, :, None] / 255).astype("float32")
    return Arrays([images], digits[:6_400].astype("int32")), origin


def make_series(random: np.random.Generator) -> tuple[Arrays, str]:
    series = random.normal(size=(6_400, 50, 32)).astype("float32")
    return Arrays([series], series[:, -5:].mean(axis=(1, 2))), "drawn"


def make_tweets(random: np.random.Generator) -> tuple[Arrays, str]:
    characters = np.eye(TWEET_CHARACTERS, dtype="float32")
    first, second = (characters[random.integers(TWEET_CHARACTERS, size=(1_280, TWEET_LENGTH))] for _ in range(2))
    return Arrays([first, second], random.integers(2, size=1_280).astype("float32")), "drawn"


def make_reviews(random: np.random.Generator) -> tuple[Arrays, str]:
    if arrays := _read("imdb", num_words=WORDS, maxlen=REVIEW_LENGTH):
        (tokens, labels), origin = arrays, "IMDB"
    else:
        tokens, labels = random.integers(WORDS, size=(6_400, REVIEW_LENGTH)), random.integers(2, size=6_400)
        origin = "drawn"
    return Arrays([tokens[:6_400].astype("int32")], labels[:6_400].astype("float32")), origin


MAKERS: dict[str, Callable[[np.random.Generator], tuple[Arrays, str]]] = {
    "digits_mlp": make_digits,
    "imdb_mlp": make_imdb,
    "reuters_mlp": make_reuters,
    "boston_mlp": make_boston,
    "mnist_cnn": make_mnist,
    "lstm": make_series,
    "tweets_lstm": make_tweets,
    "transformer": make_reviews,
}


def write_arrays(name: str, folder: Path) -> str:
    """Makes a model's arrays and writes them as files that all processes share. Returns where the data is from."""
    arrays, origin = MAKERS[name](np.random.default_rng(0))
    place = folder / name
    place.mkdir(parents=True)
    for index, array in enumerate(arrays.inputs):
        np.save(place / f"input_{index}.npy", array)
    np.save(place / "target.npy", arrays.target)
    return f"{origin}, {arrays.samples:,} samples"


def read_arrays(name: str, folder: Path) -> Arrays:
    """What `write_arrays` wrote, mapped into memory."""
    place = folder / name
    inputs = [np.load(file, mmap_mode="r") for file in sorted(place.glob("input_*.npy"))]
    return Arrays(inputs, np.load(place / "target.npy", mmap_mode="r"))


def _make_texts(random: np.random.Generator, dataset: str, samples: int, classes: int) -> tuple[Arrays, str]:
    """Which of the 10,000 words occur in each text (0 or 1)."""
    if arrays := _read(dataset, num_words=WORDS):
        tokens, labels, origin = arrays[0][:samples], arrays[1][:samples], dataset.upper()
    else:
        tokens = np.minimum(random.zipf(1.2, size=(samples, WORDS_PER_TEXT)), WORDS - 1)
        labels, origin = random.integers(classes, size=samples), "drawn"
    occurring = np.zeros((len(tokens), WORDS), dtype="float32")
    occurring[np.arange(len(tokens))[:, None], tokens] = 1
    # Zeros fill a text up, and mean no word.
    occurring[:, 0] = 0
    return Arrays([occurring], labels.astype("int32" if classes > 2 else "float32")), origin


def _read(dataset: str, **arguments: int) -> list[Array] | None:
    """Input and target of one of Keras's data sets; None where its file is not in Keras's cache."""
    from engine.data.datasets import load_dataset
    from engine.errors import EngineError

    try:
        read = load_dataset(dataset, arguments)
    except EngineError as error:
        if error.code != "dataset_unavailable":
            raise
        return None
    return [*read.inputs.values(), *read.targets.values()]
