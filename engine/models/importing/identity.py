"""Which class of a document a config of Keras means, by its module, its registered name and its class name."""

import re
from dataclasses import dataclass

import keras
from pydantic import JsonValue

from engine.errors import EngineError
from engine.layers.operations import PACKAGE as OPERATIONS
from engine.layers.operations import find_operation, name_operation
from engine.layers.safety import resolve_layer_class

KERAS_MODULE = re.compile(r"(?:tf_keras|tf\.keras|tensorflow(?:\.python)?\.keras|keras)(?:\.|$)")
"""The modules by which Keras 3, Keras 2 and TensorFlow call Keras's own classes."""

MODEL_CLASSES = {"Functional", "Model", "Sequential"}
LONGEST_NAME = 200


@dataclass(frozen=True)
class Identity:
    """A class as a document names it. `value` is None for a placeholder, and `problem` says then why it is one."""

    class_name: str
    package: str | None
    value: type | None = None
    problem: str | None = None


def identify(data: dict[str, JsonValue]) -> Identity:
    """The class of a layer's config."""
    class_name = str(data.get("class_name"))
    module = str(data["module"]) if data.get("module") else None
    registered = str(data.get("registered_name") or class_name)
    if operation := _find_operation(data, module, class_name):
        return operation
    if module is None and ">" not in class_name:
        return _find(class_name, None)
    package, _, registered_class = registered.rpartition(">")
    if package:
        return _find(registered_class[:LONGEST_NAME], package[:LONGEST_NAME])
    if module is not None and KERAS_MODULE.match(module):
        return _find(class_name, module)
    return _placeholder(class_name, module)


def _find_operation(data: dict[str, JsonValue], module: str | None, class_name: str) -> Identity | None:
    """An operation says its module or, in an `.h5` file, lacks what every layer's config has."""
    config = data.get("config")
    bare = isinstance(config, dict) and not {"dtype", "trainable", "batch_shape"} & config.keys()
    name = name_operation(module, class_name) if module is not None or bare else None
    known = find_operation(name) if name else None
    return Identity(known.name, OPERATIONS, known.value) if known else None


def _find(class_name: str, place: str | None) -> Identity:
    """`place` is a registered package, or a module of some Keras, which may only be where that one has the class."""
    own = place is None or KERAS_MODULE.match(place) is not None
    if not own:
        return _resolve(class_name, place)
    return _resolve(class_name, None)


def _resolve(class_name: str, package: str | None) -> Identity:
    try:
        return Identity(class_name, package, resolve_layer_class(class_name, package))
    except EngineError as error:
        return Identity(class_name[:LONGEST_NAME], package, None, error.message)


def _placeholder(class_name: str, module: str | None) -> Identity:
    return Identity(
        class_name[:LONGEST_NAME],
        (module or "unknown")[:LONGEST_NAME],
        None,
        f"{class_name[:100]} is of {module!r}, which Keras {keras.__version__} does not have.",
    )
