"""The layers that architectures of `keras.applications` define for themselves, and Keras exports nowhere else."""

import importlib
import pkgutil
from functools import cache

import keras
import keras.src.applications


@cache
def discover_application_layers() -> dict[str, type]:
    """The layer classes that the modules of the architectures define, by name."""
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.iter_modules(keras.src.applications.__path__, "keras.src.applications.")
        if not found.name.endswith("_test")
    ]
    return {
        name: value
        for module in modules
        for name, value in sorted(vars(module).items())
        if isinstance(value, type) and issubclass(value, keras.layers.Layer) and value.__module__ == module.__name__
    }


def find_application_layer(class_name: str) -> type | None:
    """The class of that name; None where no architecture defines one."""
    return discover_application_layers().get(class_name)
