"""The operations of `keras.ops`: each public function with the class that it puts into a functional model."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import keras
import keras.src.ops

PACKAGE = "keras.ops"
"""How a document says that a layer is an operation."""

Function = Callable[..., object]


@dataclass(frozen=True)
class KerasOperation:
    """An operation under the name of its public function below `keras.ops` (`add`, `image.resize`), and other names."""

    name: str
    value: type
    function: Function
    aliases: tuple[str, ...]


@cache
def discover_operations() -> dict[str, KerasOperation]:
    """The operations that a public function makes, by name, in alphabetical order.

    A function belongs to the classes that its code names and to the class of its own name.
    """
    functions = dict(_list_functions(keras.ops, ""))
    classes = {_fold(value.__name__): value for value in _list_classes()}
    names: dict[type, list[str]] = {}
    for name, function in functions.items():
        own = classes.get(_fold(_last(name)))
        for value in {own} if own else _list_mentioned(function):
            if value is not None:
                names.setdefault(value, []).append(name)
    found = [_name_operation(value, known, functions) for value, known in names.items()]
    return {one.name: one for one in sorted(found, key=lambda one: one.name)}


def find_operation(name: str) -> KerasOperation | None:
    """The operation of that name or alias (without `keras.ops.` in front); None where Keras has none."""
    operations = discover_operations()
    return operations.get(name) or operations.get(_names_by_alias().get(name, ""))


def list_operation_classes() -> list[type]:
    """The classes of all operations."""
    return [one.value for one in discover_operations().values()]


def name_class(value: type) -> str:
    """What a class is called in messages: an operation by its public name, any other class by its own."""
    return name_operation(value.__module__, value.__name__) or value.__name__


def find_function(value: type) -> Function | None:
    """The public function of an operation's class; None for any other class."""
    name = _names_by_class().get((value.__module__, value.__name__))
    return discover_operations()[name].function if name else None


def name_operation(module: str | None, class_name: str) -> str | None:
    """The public name of an operation as Keras's format says it: `keras.src.ops.numpy`, `GetItem` is `get_item`.

    Without a module the class has to be the only one of its name. None where Keras has no such operation.
    """
    if module is not None:
        return _names_by_class().get((module, class_name))
    found = [name for (_, known), name in _names_by_class().items() if known == class_name]
    return found[0] if len(found) == 1 else None


def is_operation(value: object) -> bool:
    """Whether an instance or a class is an operation and not a layer, which Keras makes a kind of operation."""
    if isinstance(value, type):
        return issubclass(value, keras.Operation) and not issubclass(value, keras.layers.Layer)
    return isinstance(value, keras.Operation) and not isinstance(value, keras.layers.Layer)


@cache
def _names_by_class() -> dict[tuple[str, str], str]:
    return {(one.value.__module__, one.value.__name__): one.name for one in discover_operations().values()}


@cache
def _names_by_alias() -> dict[str, str]:
    return {alias: one.name for one in discover_operations().values() for alias in one.aliases}


def _name_operation(value: type, names: list[str], functions: dict[str, Function]) -> KerasOperation:
    """Under the function that is called like the class, and stands nearest to `keras.ops` itself."""
    first, *others = sorted(
        names, key=lambda name: (_fold(_last(name)) != _fold(value.__name__), name.count("."), len(name), name)
    )
    return KerasOperation(first, value, functions[first], tuple(others))


def _list_functions(module: object, prefix: str) -> Iterator[tuple[str, Function]]:
    for name, value in sorted(vars(module).items()):
        if name.startswith("_"):
            continue
        if inspect.ismodule(value) and value.__name__.startswith("keras."):
            yield from _list_functions(value, f"{prefix}{name}.")
        elif inspect.isfunction(value):
            yield f"{prefix}{name}", value


@cache
def _list_classes() -> list[type]:
    """The classes that Keras itself defines beside its operations' functions."""
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(keras.src.ops.__path__, "keras.src.ops.")
        if not found.name.endswith("_test")
    ]
    return [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and is_operation(value) and value.__module__ == module.__name__
    ]


def _list_mentioned(function: Function) -> set[type]:
    code = inspect.unwrap(function)
    names = getattr(code, "__globals__", {})
    mentioned = {id(names.get(name)) for name in code.__code__.co_names}
    return {value for value in _list_classes() if id(value) in mentioned}


def _last(name: str) -> str:
    return name.rsplit(".", 1)[-1]


def _fold(name: str) -> str:
    """Keras writes `CDist` and `cdist`, `SearchSorted` and `searchsorted`."""
    return name.replace("_", "").lower()
