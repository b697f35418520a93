"""Every loss and metric that Keras offers is made and trains for a step on data that fits it, or says why not."""

from dataclasses import dataclass

import keras
import numpy as np
import pytest

from engine.errors import ConfigError
from engine.layers.catalogue import describe_section
from engine.layers.discover import discover_classes
from engine.layers.safety import REFUSED_CLASSES
from engine.training.config import KerasObject
from engine.training.fitting_metrics import compares_with_target
from engine.training.keras_objects import make_loss_or_metric
from engine.training.loss_nature import find_loss_nature

SAMPLES = 8
CLASSES = 3


@dataclass(frozen=True)
class Fitting:
    """A model's last activation, the shape of its output, and a target for it."""

    activation: str
    shape: tuple[int, ...]
    target: np.ndarray


@pytest.fixture(scope="module")
def kinds():
    """The kinds of output and target that losses and metrics are made for."""
    labels = np.arange(SAMPLES) % CLASSES
    return [
        Fitting("softmax", (CLASSES,), labels),
        Fitting("softmax", (CLASSES,), keras.utils.to_categorical(labels)),
        Fitting("sigmoid", (1,), (labels > 0).astype("float32")[:, None]),
        Fitting("softplus", (CLASSES,), np.random.default_rng(0).uniform(0.1, 2, (SAMPLES, CLASSES))),
        Fitting("softmax", (6, CLASSES), np.ones((SAMPLES, 2), "int32")),
    ]


@pytest.fixture(scope="module")
def examples():
    """The config that the catalogue starts each class with."""
    return {
        (section, entry.class_name): entry.example
        for section in ("losses", "metrics")
        for entry in describe_section(section)
    }


NO_COMPARISON = ("Mean", "Sum")


def list_usable(section):
    return [name for name in discover_classes(section) if name not in (*REFUSED_CLASSES, *NO_COMPARISON)]


def list_refused(section):
    return [(section, name) for name in discover_classes(section) if name in REFUSED_CLASSES]


def train_one_step(kind, **compiled):
    inputs = keras.Input((4,))
    units = int(np.prod(kind.shape))
    hidden = keras.layers.Reshape(kind.shape)(keras.layers.Dense(units)(inputs))
    model = keras.Model(inputs, keras.layers.Activation(kind.activation)(hidden))
    model.compile(optimizer="sgd", run_eagerly=True, **compiled)
    x = np.random.default_rng(1).normal(size=(SAMPLES, 4)).astype("float32")
    return model.train_on_batch(x, kind.target, return_dict=True)


def train_on_what_fits(kinds, make):
    """The logs of the first kind of data that Keras takes."""
    refusals = []
    for kind in kinds:
        try:
            logs = train_one_step(kind, **make())
        except Exception as error:  # noqa: BLE001 - it is for some other kind of data
            refusals.append(error)
        else:
            if np.isfinite(logs["loss"]):
                return logs
    raise AssertionError(refusals)


@pytest.mark.parametrize("name", list_usable("losses"))
def test_a_loss_trains(name, kinds, examples):
    wanted = KerasObject(class_name=name, config=examples["losses", name])
    logs = train_on_what_fits(kinds, lambda: {"loss": make_loss_or_metric("losses", wanted, "compile.loss")})
    assert list(logs) == ["loss"]


@pytest.mark.parametrize("name", list_usable("losses"))
def test_what_a_loss_reads_is_found_out(name, examples):
    made = make_loss_or_metric("losses", KerasObject(class_name=name, config=examples["losses", name]), "compile.loss")
    assert isinstance(made, keras.losses.Loss)
    nature = find_loss_nature(made)
    assert nature.class_name == name
    assert nature.from_logits == made.get_config().get("from_logits")


@pytest.mark.parametrize("name", list_usable("metrics"))
def test_a_metric_is_computed_beside_a_loss(name, kinds, examples):
    wanted = KerasObject(class_name=name, config=examples["metrics", name])

    def make():
        return {"loss": "mse", "metrics": [make_loss_or_metric("metrics", wanted, "compile.metrics.0")]}

    def make_sparse():
        return make() | {"loss": "sparse_categorical_crossentropy"}

    try:
        logs = train_on_what_fits(kinds[1:], make)
    except AssertionError:
        logs = train_on_what_fits(kinds[:1], make_sparse)
    assert len(logs) == 2


@pytest.mark.parametrize(("section", "name"), [*list_refused("losses"), *list_refused("metrics")])
def test_what_cannot_be_used_says_why(section, name):
    with pytest.raises(ConfigError, match="cannot be used: it "):
        make_loss_or_metric(section, KerasObject(class_name=name), "compile.loss")


def test_only_two_metrics_compare_nothing(examples):
    """A check says so of them: see the tests of metrics that do not fit."""
    made = {
        name: make_loss_or_metric("metrics", KerasObject(class_name=name, config=config), "compile.metrics.0")
        for (section, name), config in examples.items()
        if section == "metrics" and name not in REFUSED_CLASSES
    }
    assert tuple(name for name, metric in made.items() if not compares_with_target(metric)) == NO_COMPARISON
