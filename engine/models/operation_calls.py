"""The call of an operation of `keras.ops`: arguments put in place, the call made and traced, faults explained."""

import inspect
from collections.abc import Iterator, Mapping

import keras
from pydantic import JsonValue

from engine.graph.document import Layer
from engine.layers.constants import ConstantError, read_constant
from engine.layers.making import make_object
from engine.layers.operation_calls import trace_operation
from engine.layers.operation_trials import list_call_parameters
from engine.models.counting import refuse_large_dimensions
from engine.models.faults import LayerError
from engine.models.limits import DEFAULT_LIMITS

Arguments = tuple[list[object], dict[str, object]]


def read_constants(args: list[object], kwargs: Mapping[str, object]) -> Arguments:
    """The arguments with the markers among the constants read: slices, arrays and the like.

    Raises `LayerError`, which names the argument.
    """
    return [_read(str(place), one) for place, one in enumerate(args)], {key: _read(key, kwargs[key]) for key in kwargs}


def _read(argument: str, value: object) -> object:
    try:
        return read_constant(value)
    except ConstantError as error:
        raise LayerError(error.code, error.message, error.hint, argument) from error


def call_operation(layer: Layer, operation: "keras.Operation", args: list[object], kwargs: dict[str, object]) -> object:
    """What the operation answers, once it is certain that it can be computed too. Raises whatever Keras raises, and
    `LayerError` where the arguments do not fit the call."""
    args = _spread(operation, args)
    _check_binding(layer.class_name, operation, args, kwargs)
    if not any(isinstance(one, keras.KerasTensor) for one in keras.tree.flatten([args, kwargs])):
        raise LayerError(
            "not_connected",
            f"{layer.class_name} is called on constants alone; expected at least one tensor.",
            "Connect another node to it.",
        )
    answer = operation(*args, **kwargs)
    tensors = [one for one in keras.tree.flatten(answer) if isinstance(one, keras.KerasTensor)]
    refuse_large_dimensions(layer.class_name, tensors, DEFAULT_LIMITS)
    trace_operation(operation, args, kwargs)
    return answer


def find_bad_argument(
    layer: Layer, operation: "keras.Operation", args: list[object], kwargs: dict[str, object]
) -> str | None:
    """The one argument of the config without which the call works, or the one constant of the call; None where no
    single one is to blame."""
    found = [key for key in layer.config if _works(type(operation), _without(layer.config, key), args, kwargs)]
    given = [(str(place), one) for place, one in enumerate(args)] + [*kwargs.items()]
    if not found and not layer.config:
        found = [
            key for key, one in given if not any(isinstance(x, keras.KerasTensor) for x in keras.tree.flatten(one))
        ]
    return found[0] if len(found) == 1 else None


def _without(config: Mapping[str, JsonValue], key: str) -> dict[str, JsonValue]:
    return {name: value for name, value in config.items() if name != key}


def _works(value: type, config: dict[str, JsonValue], args: list[object], kwargs: dict[str, object]) -> bool:
    try:
        operation: keras.Operation = make_object(value, config)
        operation(*_spread(operation, args), **kwargs)
        trace_operation(operation, _spread(operation, args), kwargs)
    except Exception:  # noqa: BLE001 - Keras raises what it likes, and any of it means no
        return False
    return True


def _spread(operation: "keras.Operation", args: list[object]) -> list[object]:
    """A list that stands for all remaining arguments, as the operands of `einsum`, becomes these arguments."""
    for place, parameter in enumerate(list_call_parameters(type(operation))):
        if parameter.kind is parameter.VAR_POSITIONAL and len(args) == place + 1:
            last = args[place]
            return [*args[:place], *last] if isinstance(last, list) else args
    return args


def _check_binding(
    class_name: str, operation: "keras.Operation", args: list[object], kwargs: dict[str, object]
) -> None:
    parameters = list_call_parameters(type(operation))
    positional = [one for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]
    names = ", ".join(one.name for one in parameters)
    _check_names(class_name, parameters, {one.name for one in positional[: len(args)]}, kwargs)
    if len(args) > len(positional) and not any(one.kind is one.VAR_POSITIONAL for one in parameters):
        raise LayerError(
            "unknown_call_argument",
            f"{class_name} is called with {len(args)} arguments by position; expected at most {len(positional)}:"
            f" {names}.",
            "Take the later ones out.",
            str(len(positional)),
        )
    for name in _list_missing(positional, len(args), kwargs):
        raise LayerError(
            "missing_argument",
            f"{class_name} needs the call argument {name!r}, to which nothing is connected.",
            f"Connect a tensor to {name!r}, or give it as a constant.",
            name,
        )


def _check_names(
    class_name: str, parameters: list[inspect.Parameter], taken: set[str], kwargs: Mapping[str, object]
) -> None:
    names = [one.name for one in parameters if one.kind is not one.VAR_KEYWORD]
    takes_any = any(one.kind is one.VAR_KEYWORD for one in parameters)
    for key in kwargs:
        if key in taken:
            raise LayerError(
                "argument_filled_twice",
                f"Argument {key!r} of {class_name} is given by position and by name; expected one.",
                "Take one of them out.",
                key,
            )
        if key not in names and not takes_any:
            raise LayerError(
                "unknown_call_argument",
                f"{class_name} cannot be called with {key!r}; its call has {', '.join(names)}.",
                "Connect the tensor to another argument.",
                key,
            )


def _list_missing(positional: list[inspect.Parameter], given: int, kwargs: Mapping[str, object]) -> Iterator[str]:
    return (one.name for one in positional[given:] if one.default is one.empty and one.name not in kwargs)
