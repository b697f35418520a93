"""Reads scikit-learn's tables."""

import numpy as np
from sklearn import datasets


def load_iris() -> dict[str, np.ndarray]:
    """Load length and width of sepal and petal of iris flowers in cm, and their species."""
    table = datasets.load_iris()
    return shuffle({"features": table.data.astype("float32"), "species": table.target.astype("int32")})


def load_wine() -> dict[str, np.ndarray]:
    """Load thirteen results of a chemical analysis of each wine, and the cultivar that it is from."""
    table = datasets.load_wine()
    return shuffle({"features": table.data.astype("float32"), "cultivar": table.target.astype("int32")})


def load_breast_cancer() -> dict[str, np.ndarray]:
    """Load thirty measures of the cell nuclei of each tumour, and whether it is malignant (0) or benign (1)."""
    table = datasets.load_breast_cancer()
    return shuffle({"features": table.data.astype("float32"), "diagnosis": table.target.astype("int32")})


def load_diabetes() -> dict[str, np.ndarray]:
    """Load ten facts about each person, and how far the disease has got a year later."""
    table = datasets.load_diabetes()
    return shuffle({"features": table.data.astype("float32"), "progression": table.target.astype("float32")})


def shuffle(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Put the samples into another order, the same one every time: in the file they may be sorted."""
    samples = len(next(iter(arrays.values())))
    order = np.random.default_rng(0).permutation(samples)
    return {name: array[order] for name, array in arrays.items()}
