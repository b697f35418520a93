"""Calls of operations in exported code: `keras.ops.sum(x, axis=1)`, `x[:, 0]`."""

import ast
import inspect
import re
from collections.abc import Iterable, Mapping, Sequence

from keras.src.utils.naming import to_snake_case

from engine.graph.document import Layer
from engine.layers.constants import is_marker
from engine.layers.operation_trials import list_call_parameters
from engine.layers.operations import PACKAGE, KerasOperation, find_operation
from engine.models.python_values import Expression, call, is_identifier, name, write_value

NAMING = "name_operation"
"""The function of an exported module that gives an operation a name of its own."""

NAMING_SOURCE = f'''
def {NAMING}(outputs, name):
    """Call the operation that made the tensors by a name that no layer of the model has."""
    keras.tree.flatten(outputs)[0]._keras_history.operation.name = name
    return outputs
'''


def list_helpers(functions: Iterable[ast.stmt]) -> list[str]:
    """The source of the function that the others call beside Keras's, where one does."""
    names = {one.id for function in functions for one in ast.walk(function) if isinstance(one, ast.Name)}
    return [NAMING_SOURCE] if NAMING in names else []


def is_operation_layer(layer: Layer) -> bool:
    """Whether the document's layer is an operation."""
    return layer.package == PACKAGE


def write_operation_call(layer: Layer, args: Sequence[object], kwargs: Mapping[str, object]) -> ast.expr:
    """The call of the public function, with what the class is made with and what it is called on.

    `args` and `kwargs` are constants as the document has them and `Expression`s for tensors.
    """
    operation = find_operation(layer.class_name)
    if operation is None:
        raise ValueError(f"There is no operation {layer.class_name!r}.")
    if operation.name == "get_item" and len(args) + len(kwargs) == 2:
        subject = args[0] if args else kwargs["x"]
        key = args[1] if len(args) == 2 else kwargs["key"]
        return ast.Subscript(_write(subject), _write_key(key))
    given, rest = _name_arguments(operation, args, kwargs)
    return _write_call(operation, given | _drop_defaults(operation, layer.config), rest)


def list_taken_names(layers: Iterable[Layer]) -> set[str]:
    """The names of the layers that Keras might also give to one of the operations among them."""
    layers = list(layers)
    made = {_auto_name(layer.class_name) for layer in layers if is_operation_layer(layer)}
    names = {layer.keras_name for layer in layers if not is_operation_layer(layer)}
    return {taken for taken in names if re.sub(r"_\d+$", "", taken) in made or taken in made}


def may_be_taken(layer: Layer, taken: set[str]) -> bool:
    """Whether the name that Keras makes up for the operation may be that of a layer."""
    base = _auto_name(layer.class_name)
    return any(re.sub(r"_\d+$", "", one) == base or one == base for one in taken)


def _auto_name(class_name: str) -> str:
    operation = find_operation(class_name)
    return str(to_snake_case(operation.value.__name__)) if operation else class_name


def _name_arguments(
    operation: KerasOperation, args: Sequence[object], kwargs: Mapping[str, object]
) -> tuple[dict[str, object], list[object]]:
    """The call's arguments by name, and those that a collecting argument takes."""
    given: dict[str, object] = dict(kwargs)
    rest: list[object] = list(args)
    for parameter in list_call_parameters(operation.value):
        if parameter.kind is parameter.VAR_POSITIONAL:
            return given, [*rest[0]] if len(rest) == 1 and isinstance(rest[0], list) else rest
        if rest and parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
            given[parameter.name] = rest.pop(0)
    return given, rest


def _drop_defaults(operation: KerasOperation, config: Mapping[str, object]) -> dict[str, object]:
    parameters = inspect.signature(operation.function).parameters
    return {
        key: value
        for key, value in config.items()
        if key not in parameters or type(parameters[key].default) is not type(value) or parameters[key].default != value
    }


def _write_call(operation: KerasOperation, given: dict[str, object], rest: Sequence[object]) -> ast.expr:
    """Required arguments by position as far as they go, the others by name."""
    positional: list[ast.expr] = []
    open_end = True
    for parameter in inspect.signature(operation.function).parameters.values():
        if parameter.kind is parameter.VAR_POSITIONAL:
            positional += [_write(one) for one in rest]
            open_end = False
        elif open_end and parameter.name in given and parameter.default is parameter.empty:
            positional.append(_write(given.pop(parameter.name)))
        else:
            open_end = False
    spoken = {key: _write(value) for key, value in given.items() if is_identifier(key)}
    return call(name(f"keras.ops.{operation.name}"), positional, **spoken)


def _write(value: object) -> ast.expr:
    """A tensor, a constant, or one of Keras's markers. Lists of constants are tuples, as in `axis=(1, 2)`."""
    if isinstance(value, Expression):
        return value.tree
    if isinstance(value, list) and any(isinstance(one, Expression) for one in _flatten(value)):
        return ast.List([_write(one) for one in value])
    if isinstance(value, list):
        return ast.Tuple([_write(one) for one in value])
    if isinstance(value, dict) and isinstance(config := value.get("config"), dict):
        if is_marker(value, "__slice__"):
            return call(name("slice"), [_write(config.get(part)) for part in ("start", "stop", "step")])
        if is_marker(value, "__ellipsis__"):
            return ast.Constant(...)
        if is_marker(value, "__numpy__") or is_marker(value, "__tensor__"):
            dtype = ast.Constant(config.get("dtype") or "float32")
            return call(name("keras.ops.array"), [write_value(config.get("value"))], dtype=dtype)
        if is_marker(value, "__bytes__"):
            return ast.Constant(str(config.get("value")).encode("utf-8", "surrogatepass"))
    return write_value(value)


def _write_key(key: object) -> ast.expr:
    """What stands between the brackets: slices as `1:`, several indices with commas."""
    if isinstance(key, list):
        return ast.Tuple([_write_key(one) for one in key])
    if is_marker(key, "__slice__") and isinstance(key, dict) and isinstance(config := key.get("config"), dict):
        parts = [
            None if (part := config.get(step)) is None else write_value(part) for step in ("start", "stop", "step")
        ]
        return ast.Slice(*parts)
    return _write(key)


def _flatten(value: object) -> list[object]:
    return [inner for one in value for inner in _flatten(one)] if isinstance(value, list) else [value]
