"""Goes through a formula with shapes instead of numbers, so that nothing large or ill-fitting is ever computed."""

import ast
import math
import re
from collections.abc import Mapping

import keras
from keras.src.backend import compute_output_spec

from engine.layers.expressions.errors import ExpressionError, fault_at, join_names
from engine.layers.expressions.evaluating import Evaluator, Value, get_item
from engine.layers.expressions.names import REPEATS, Function, read_signature

MAX_ELEMENTS = 2**26
"""The most numbers that a tensor may hold, where its unknown dimensions (the batch) count as one."""

MAX_CONSTANT = 2**20
"""The most numbers that a function may make of plain numbers alone, such as `ones((8, 8))`."""

MAX_ARGUMENT = 2**26
"""The largest whole number, either way, that a function may be called with."""

TRACE_DETAILS = re.compile(r" for '\{\{node.*?\}\}[^']*'( with)?|\s*\[?Op:\w+\]?|\{\{.*?\}\}|name:.*$", re.DOTALL)
"""What TensorFlow adds to its messages about its own graph."""


def check_shapes(tree: ast.expr, values: Mapping[str, Value]) -> Value:
    """The formula's result as symbolic tensors; `values` are symbolic tensors and plain numbers.

    Every call is traced by itself, and none after one whose result is too large. Raises `ExpressionError`.
    """
    return Evaluator(values, _apply).run(tree)


def refuse_large_arguments(node: ast.expr, function: Function, args: list[Value], kwargs: dict[str, Value]) -> None:
    """Raises `ExpressionError` for whole numbers with which Keras would go through a loop for ever."""
    waiting = [*args, *kwargs.values()]
    while waiting:
        value = waiting.pop()
        if isinstance(value, tuple | list):
            waiting.extend(value)
        elif isinstance(value, int) and abs(value) > MAX_ARGUMENT:
            text = f"{value:,} is too large for an argument of a function; expected at most {MAX_ARGUMENT:,}."
            raise fault_at(node, "number_too_large", text, "Write it as a float, such as 1e12.")
    name = _name(function)
    limits = {argument: limit for (owner, argument), limit in REPEATS.items() if owner == name}
    if limits:
        bound = read_signature(function).bind(*args, **kwargs).arguments
        for argument, limit in limits.items():
            value = bound.get(argument, _count_parts(bound) if name == "unstack" else None)
            if isinstance(value, int) and value > limit:
                text = f"{name} got {argument}={value:,}; expected at most {limit:,}."
                raise fault_at(node, "number_too_large", text, "Make it smaller.")


def _count_parts(bound: Mapping[str, Value]) -> int | None:
    """How many tensors `unstack` takes another one apart into."""
    shape, axis = getattr(bound["x"], "shape", ()), bound.get("axis", 0)
    return shape[axis] if isinstance(axis, int) and -len(shape) <= axis < len(shape) else None


def _apply(node: ast.expr, function: Function, args: list[Value], kwargs: dict[str, Value]) -> Value:
    refuse_large_arguments(node, function, args, kwargs)
    try:
        result = compute_output_spec(function, *args, **kwargs)
    except ExpressionError:
        raise
    except Exception as error:
        raise _explain(node, function, args, kwargs, error) from error
    limit = MAX_ELEMENTS if _has_tensors(args, kwargs) else MAX_CONSTANT
    for one in keras.tree.flatten(result):
        if isinstance(one, keras.KerasTensor):
            _refuse_large_tensor(node, function, one, limit)
    return result


def _has_tensors(args: list[Value], kwargs: dict[str, Value]) -> bool:
    return any(isinstance(one, keras.KerasTensor) for one in keras.tree.flatten([args, kwargs]))


def _refuse_large_tensor(node: ast.expr, function: Function, tensor: "keras.KerasTensor", limit: int) -> None:
    known = [size for size in tensor.shape if size is not None]
    if math.prod(known) > limit:
        text = f"{_name(function)} gives a tensor of shape {tuple(tensor.shape)}"
        wanted = f"expected at most {limit:,} numbers"
        raise fault_at(node, "tensor_too_large", f"{text}; {wanted}.", "Make the numbers that set the size smaller.")


def _explain(
    node: ast.expr, function: Function, args: list[Value], kwargs: dict[str, Value], error: Exception
) -> ExpressionError:
    """What Keras says of it, which has better words than the backend where it has any."""
    try:
        function(*args, **kwargs) if _has_tensors(args, kwargs) else None
    except Exception as own:  # noqa: BLE001 - Keras raises what it likes
        error = own
    text = " ".join(TRACE_DETAILS.sub("", str(error).split("Arguments received by", 1)[0]).split())[:400]
    shapes = [str(tuple(x.shape)) for x in keras.tree.flatten([args, kwargs]) if isinstance(x, keras.KerasTensor)]
    received = f" Received {join_names(shapes, 4)}." if shapes and not any(shape in text for shape in shapes) else ""
    message = f"{_name(function)} cannot be computed: {text.rstrip('.') or type(error).__name__}.{received}"
    return fault_at(node, "invalid_expression_input", message, "Look at the shapes and at the function's arguments.")


def _name(function: Function) -> str:
    return "[ ]" if function is get_item else str(getattr(function, "__name__", "this"))
