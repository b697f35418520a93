"""The real data sets that come with scikit-learn: small, and there without any download."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
import numpy.typing as npt
from sklearn import datasets as bundled

from engine.data.schema import ArraySpec, Task
from engine.data.source import Arguments, Array, Arrays, Source

ORIGIN = "scikit-learn"
SHUFFLE_SEED = 0
SHUFFLED = (
    "The rows are shuffled once, in the same way every time: in the original file they are sorted or in the order in"
    " which they were collected, and Keras's validation_split takes the last ones."
)


class NoArguments(Arguments):
    """These data sets take no arguments."""


class Bunch(Protocol):
    """What scikit-learn's loaders answer."""

    data: npt.NDArray[np.float64]
    target: Array


def _read_digits(arguments: NoArguments) -> Arrays:
    """Grey images from 0 (paper) to 1 (ink); the file counts the ink in sixteenths."""
    del arguments
    bunch: Bunch = bundled.load_digits()
    images = (bunch.data.reshape(-1, 8, 8, 1) / 16).astype("float32")
    return _shuffle({"image": images}, {"digit": bunch.target.astype("int32")}, tuple("0123456789"))


def _read_table(
    load: Callable[[], Bunch], target: str, dtype: str, class_names: tuple[str, ...] = ()
) -> Callable[[NoArguments], Arrays]:
    def read(arguments: NoArguments) -> Arrays:
        del arguments
        bunch = load()
        return _shuffle({"features": bunch.data.astype("float32")}, {target: bunch.target.astype(dtype)}, class_names)

    return read


def _shuffle(inputs: dict[str, Array], targets: dict[str, Array], class_names: tuple[str, ...]) -> Arrays:
    order = np.random.default_rng(SHUFFLE_SEED).permutation(len(next(iter(inputs.values()))))
    return Arrays(
        {name: array[order] for name, array in inputs.items()},
        {name: array[order] for name, array in targets.items()},
        class_names,
    )


def _describe_table(
    name: str, title: str, task: Task, samples: int, columns: int, target: ArraySpec, about: str,
    load: Callable[[NoArguments], Arrays],
) -> Source[NoArguments]:  # fmt: skip
    return Source(
        name=name,
        title=title,
        origin=ORIGIN,
        task=task,
        samples=samples,
        description=f"{about} {SHUFFLED}",
        inputs=(ArraySpec(name="features", shape=[columns], dtype="float32"),),
        targets=(target,),
        arguments=NoArguments,
        load=load,
    )


DIGITS = Source(
    name="digits",
    title="Handwritten digits, 8 × 8",
    origin=ORIGIN,
    task="classification",
    samples=1797,
    description="Handwritten digits as grey images of 8 × 8 pixels, scaled to 0 (paper) … 1 (ink); which digit is it?"
    f" {SHUFFLED}",
    inputs=(ArraySpec(name="image", shape=[8, 8, 1], dtype="float32"),),
    targets=(ArraySpec(name="digit", shape=[], dtype="int32", classes=10),),
    arguments=NoArguments,
    load=_read_digits,
)

IRIS = _describe_table(
    "iris", "Iris flowers", "classification", 150, 4,
    ArraySpec(name="species", shape=[], dtype="int32", classes=3),
    "Length and width of sepal and petal in cm; which of three species is the flower?",
    _read_table(bundled.load_iris, "species", "int32", ("setosa", "versicolor", "virginica")),
)  # fmt: skip

WINE = _describe_table(
    "wine", "Wines", "classification", 178, 13,
    ArraySpec(name="cultivar", shape=[], dtype="int32", classes=3),
    "Thirteen results of a chemical analysis, in their own units (they want a Normalization layer); which of three"
    " cultivars is the wine from?",
    _read_table(bundled.load_wine, "cultivar", "int32", ("class_0", "class_1", "class_2")),
)  # fmt: skip

BREAST_CANCER = _describe_table(
    "breast_cancer", "Breast cancer, Wisconsin", "binary_classification", 569, 30,
    ArraySpec(name="diagnosis", shape=[], dtype="int32", classes=2),
    "Thirty measures of cell nuclei, in their own units (they want a Normalization layer); is the tumour malignant (0)"
    " or benign (1)?",
    _read_table(bundled.load_breast_cancer, "diagnosis", "int32", ("malignant", "benign")),
)  # fmt: skip

DIABETES = _describe_table(
    "diabetes", "Diabetes progression", "regression", 442, 10,
    ArraySpec(name="progression", shape=[], dtype="float32"),
    "Age, sex, body mass index, blood pressure and six blood serum values, each centred and scaled by scikit-learn;"
    " how far has the disease got a year later (25 to 346)?",
    _read_table(bundled.load_diabetes, "progression", "float32"),
)  # fmt: skip

SOURCES = (DIGITS, IRIS, WINE, BREAST_CANCER, DIABETES)
