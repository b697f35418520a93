"""A small data set with everything by which samples are divided: classes, groups, times."""

import numpy as np
import pytest

from engine.data import datasets
from engine.data.datasets import Dataset, load_dataset
from engine.data.schema import ArraySpec
from engine.data.source import Arguments, Array, Source
from engine.training.feeding import FedData

NAME = "patients"
SAMPLES = 90
TARGETS = {"answer": "kind"}
INPUTS = {"features": "point"}


class PatientArguments(Arguments):
    """`scale` changes the inputs alone, `seed` the targets too."""

    scale: float = 1.0
    seed: int = 0


def load(scale: float = 1.0, seed: int = 0) -> dict[str, Array]:
    """Sorted by class: 45 samples of 0, 30 of 1, 15 of 2; ten patients, whose visits lie on 30 days."""
    random = np.random.default_rng(seed)
    return {
        "point": (scale * random.normal(size=(SAMPLES, 4))).astype("float32"),
        "patient": np.arange(SAMPLES) % 10,
        "day": random.permutation(np.repeat(np.arange(30), 3)).astype("float32"),
        "kind": np.repeat([0, 1, 2], [45, 30, 15]) if seed == 0 else random.integers(0, 3, SAMPLES),
        "one_hot": np.eye(3, dtype="float32")[np.repeat([0, 1, 2], [45, 30, 15])],
        "height": random.normal(size=SAMPLES).astype("float32"),
        "holes": np.where(np.arange(SAMPLES) < 4, np.nan, 1.0).astype("float32"),
    }


def install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the data set known by its name."""
    arrays = load()
    spec = {name: ArraySpec(name=name, shape=list(one.shape[1:]), dtype=str(one.dtype)) for name, one in arrays.items()}
    spec["kind"] = spec["kind"].model_copy(update={"classes": 3})
    source = Source(
        name=NAME,
        title="Visits of patients",
        origin="a test",
        task="classification",
        samples=SAMPLES,
        description="Sorted by class.",
        inputs=tuple(spec[name] for name in ("point", "patient", "day", "holes")),
        targets=tuple(spec[name] for name in ("kind", "one_hot", "height")),
        arguments=PatientArguments,
        load=load,
        class_names=("well", "ill", "unsure"),
    )
    monkeypatch.setitem(datasets.SOURCES, NAME, source)
    datasets._read_dataset.cache_clear()


def feed(target: str = "kind") -> tuple[FedData, Dataset]:
    """The data as a model with one input and one output gets it, and the data set."""
    dataset = load_dataset(NAME)
    return FedData([dataset.inputs["point"]], [dataset.targets[target]], [target]), dataset
