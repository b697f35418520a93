"""A data set with weights for its samples and a test part of its own, as uploaded data has them."""

import numpy as np
import pytest

from engine.data import datasets
from engine.data.schema import ArraySpec
from engine.data.source import Arguments, Array, Source

NAME = "weighed_points"
SAMPLES = 60
TEST_SAMPLES = 20


class PointsArguments(Arguments):
    """`width` is how many numbers a point has; `test_samples` may be none."""

    width: int = 4
    test_samples: int = TEST_SAMPLES


def draw_points(samples: int, seed: int, width: int) -> dict[str, Array]:
    """Points of three kinds, how much each counts, and several arrays that are no weights."""
    random = np.random.default_rng(seed)
    weights = random.uniform(0.5, 2, samples).astype("float32")
    below_zero, holes = weights - 1, weights.copy()
    holes[:3] = np.nan
    return {
        "point": random.normal(size=(samples, width)).astype("float32"),
        "kind": random.integers(0, 3, samples),
        "weight": weights,
        "below_zero": below_zero,
        "holes": holes,
        "word": np.array(["one", "two"] * (samples // 2)),
        "far_kind": random.integers(5, 9, samples),
    }


def load(width: int = 4, test_samples: int = TEST_SAMPLES) -> dict[str, Array]:
    del test_samples
    return draw_points(SAMPLES, 1, width)


def load_test(width: int = 4, test_samples: int = TEST_SAMPLES) -> dict[str, Array]:
    return draw_points(test_samples, 2, width)


def install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes it one of the data sets, for the time of a test."""
    others = ("kind", "weight", "below_zero", "holes", "word", "far_kind")
    source = Source(
        name=NAME,
        title="Points of three kinds",
        origin="drawn",
        task="classification",
        samples=SAMPLES,
        description="",
        inputs=(ArraySpec(name="point", shape=[4], dtype="float32"),),
        targets=tuple(ArraySpec(name=name, shape=[], dtype="float32") for name in others),
        arguments=PointsArguments,
        load=load,
        load_test=load_test,
    )
    monkeypatch.setitem(datasets.SOURCES, NAME, source)
