"""Every optimizer of the catalogue takes every argument that it names, and trains with it."""

import inspect

import keras
import numpy as np
import pytest

from engine.errors import ConfigError
from engine.layers.arguments import describe_arguments
from engine.layers.catalogue import describe_section
from engine.layers.discover import discover_classes
from engine.layers.docstrings import read_docstring
from engine.layers.safety import REFUSED_CLASSES
from engine.training.config import KerasObject
from engine.training.keras_objects import make_optimizer
from engine.training.trial import try_optimizer

USABLE = [name for name in discover_classes("optimizers") if name not in REFUSED_CLASSES]
WRAPPED = {"LossScaleOptimizer": {"inner_optimizer": "sgd"}}
COMMON = {
    "clipnorm": 0.5,
    "clipvalue": 0.25,
    "global_clipnorm": 1.5,
    "use_ema": True,
    "ema_momentum": 0.9,
    "ema_overwrite_frequency": 3,
    "weight_decay": 0.01,
    "gradient_accumulation_steps": 2,
    "loss_scale_factor": 16.0,
}
"""A value that differs from Keras's default, for the arguments that nearly all optimizers have."""

CLIPPING = ("clipnorm", "clipvalue", "global_clipnorm")


def describe(name):
    value = discover_classes("optimizers")[name].value
    return describe_arguments(value, read_docstring(value))


def make_value(argument):
    """Another value than the default, of the argument's own kind; None where the default has no plain one."""
    default = argument.default
    if isinstance(default, bool):
        return not default
    if isinstance(default, int):
        return default + 1
    if isinstance(default, float):
        return default / 2 or 0.5
    return "other" if argument.name == "name" else None


def list_cases():
    for name in USABLE:
        for argument in describe(name):
            value = COMMON.get(argument.name, make_value(argument))
            if value is not None and argument.name != "learning_rate":
                yield pytest.param(name, argument.name, value, id=f"{name}-{argument.name}")


@pytest.mark.parametrize(("name", "argument", "value"), [*list_cases()])
def test_an_argument_arrives_in_keras_and_makes_a_step(name, argument, value):
    config = {**WRAPPED.get(name, {}), argument: value}
    optimizer = make_optimizer(KerasObject(class_name=name, config=config), "compile.optimizer")
    assert optimizer.get_config().get(argument, getattr(optimizer, argument, None)) == value
    try_optimizer(optimizer)


@pytest.mark.parametrize("name", USABLE)
def test_every_optimizer_offers_all_that_its_constructor_names(name):
    named = inspect.signature(discover_classes("optimizers")[name].value).parameters
    assert [argument.name for argument in describe(name)] == [one for one in named if one != "kwargs"]


def test_every_schedule_is_followed():
    for entry in describe_section("learning_rate_schedules"):
        schedule = {"class_name": entry.class_name, "config": entry.example}
        wanted = KerasObject(class_name="SGD", config={"learning_rate": schedule})
        optimizer = make_optimizer(wanted, "compile.optimizer")
        expected = discover_classes("learning_rate_schedules")[entry.class_name].value(**entry.example)
        assert float(optimizer.learning_rate) == pytest.approx(float(expected(0)))
        try_optimizer(optimizer)
        assert float(optimizer.learning_rate) == pytest.approx(float(expected(1)))


def test_accumulated_gradients_move_the_weights_every_second_step():
    config = {"learning_rate": 1.0, "gradient_accumulation_steps": 2}
    optimizer = make_optimizer(KerasObject(class_name="SGD", config=config), "compile.optimizer")
    weight = keras.Variable(np.zeros(2, "float32"))
    seen = []
    for _ in range(4):
        optimizer.apply([keras.ops.ones(2)], [weight])
        seen.append(float(weight[0]))
    assert seen == [0.0, -1.0, -1.0, -2.0]


def test_averaged_weights_are_put_in_place_as_often_as_it_says():
    config = {"learning_rate": 1.0, "use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 2}
    optimizer = make_optimizer(KerasObject(class_name="SGD", config=config), "compile.optimizer")
    weight = keras.Variable(np.zeros(1, "float32"))
    for _ in range(2):
        optimizer.apply([keras.ops.ones(1)], [weight])
    assert float(weight[0]) > -2.0


@pytest.mark.parametrize("inner", ["adam", {"class_name": "Adam", "config": {"learning_rate": 0.5, "clipnorm": 1.0}}])
def test_an_optimizer_that_scales_the_loss_wraps_another_one(inner):
    optimizer = make_optimizer(
        KerasObject(class_name="LossScaleOptimizer", config={"inner_optimizer": inner}), "compile.optimizer"
    )
    assert type(optimizer.inner_optimizer) is keras.optimizers.Adam
    try_optimizer(optimizer)


@pytest.mark.parametrize(
    ("config", "code", "argument"),
    [
        ({}, "missing_argument", "inner_optimizer"),
        ({"inner_optimizer": "adamm"}, "unknown_optimizer", "inner_optimizer"),
        ({"inner_optimizer": {"class_name": "MultiOptimizer"}}, "refused_class", "inner_optimizer"),
        ({"inner_optimizer": {"config": {}}}, "invalid_argument", "inner_optimizer"),
        (
            {"inner_optimizer": {"class_name": "Adam", "config": {"learning_rate": {"class_name": "Cosine"}}}},
            "unknown_class",
            "inner_optimizer.config.learning_rate",
        ),
        ({"inner_optimizer": 3}, "invalid_argument", "inner_optimizer"),
    ],
)
def test_what_an_optimizer_cannot_wrap_is_named(config, code, argument):
    with pytest.raises(ConfigError) as refused:
        make_optimizer(KerasObject(class_name="LossScaleOptimizer", config=config), "compile.optimizer")
    (issue,) = refused.value.issues
    assert (issue.code, issue.argument) == (code, f"compile.optimizer.{argument}")


def test_only_what_cannot_be_written_down_is_refused():
    assert [name for name in discover_classes("optimizers") if name in REFUSED_CLASSES] == ["MultiOptimizer"]
