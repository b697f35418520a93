"""Which classes and functions the installed Keras offers, and under which names."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import FunctionType, ModuleType

import keras

SECTIONS: dict[str, tuple[ModuleType, type]] = {
    "layers": (keras.layers, keras.layers.Layer),
    "optimizers": (keras.optimizers, keras.optimizers.Optimizer),
    "learning_rate_schedules": (keras.optimizers.schedules, keras.optimizers.schedules.LearningRateSchedule),
    "losses": (keras.losses, keras.losses.Loss),
    "metrics": (keras.metrics, keras.metrics.Metric),
    "callbacks": (keras.callbacks, keras.callbacks.Callback),
    "initializers": (keras.initializers, keras.initializers.Initializer),
    "regularizers": (keras.regularizers, keras.regularizers.Regularizer),
    "constraints": (keras.constraints, keras.constraints.Constraint),
}
"""Keras's public modules, and the base class that what we want of each has in common."""

REGISTRY_FUNCTIONS = {"get", "serialize", "deserialize"}
"""What every Keras module has beside its own functions."""


@dataclass(frozen=True)
class KerasClass:
    """A class under the name that Keras saves it by, and the other names that Keras exports it under."""

    name: str
    value: type
    aliases: tuple[str, ...]


@cache
def discover_classes(section: str) -> dict[str, KerasClass]:
    """The concrete classes of one of `SECTIONS`, by name, in alphabetical order."""
    module, base = SECTIONS[section]
    names: dict[type, list[str]] = {}
    for name, value in sorted(vars(module).items()):
        if inspect.isclass(value) and issubclass(value, base) and not _is_abstract(value, base):
            names.setdefault(value, []).append(name)
    found = [_name_class(value, exported) for value, exported in names.items()]
    return {one.name: one for one in sorted(found, key=lambda one: one.name)}


def discover_functions(module: ModuleType) -> dict[str, Callable[..., object]]:
    """The functions that a public Keras module exports, by name (aliases too), in alphabetical order."""
    return {
        name: value
        for name, value in sorted(vars(module).items())
        if isinstance(value, FunctionType) and name not in REGISTRY_FUNCTIONS
    }


def find_class(section: str, name: str) -> type | None:
    """The class of that name or alias; None where Keras has none."""
    classes = discover_classes(section)
    if name in classes:
        return classes[name].value
    return next((one.value for one in classes.values() if name in (*one.aliases, one.value.__name__)), None)


def _name_class(value: type, exported: list[str]) -> KerasClass:
    name = value.__name__ if value.__name__ in exported else exported[0]
    return KerasClass(name, value, tuple(alias for alias in exported if alias != name))


def _is_abstract(value: type, base: type) -> bool:
    """A base class says so by leaving the one method that does the work to its subclasses."""
    if value is base:
        return True
    return base is keras.layers.Layer and getattr(value, "call", None) is base.call
