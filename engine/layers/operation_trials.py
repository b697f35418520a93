"""Finds, by trying, a config that an operation can be made from and symbolic tensors that it can be called on."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

import keras
from pydantic import JsonValue

from engine.layers.constants import read_constant
from engine.layers.examples import list_candidates
from engine.layers.making import Config, make_object
from engine.layers.operation_calls import trace_operation
from engine.layers.overlay import OPERATION_CALLS, OPERATION_EXAMPLES
from engine.layers.probing import Probe
from engine.layers.schema import Argument

MAX_CONFIGS = 12
MAX_TRACES = 12
"""Calls that Keras takes but cannot compute, after which no more are tried: tracing takes time."""

SHAPES: tuple[tuple[int | None, ...], ...] = (
    (None, 8), (None, 4, 4), (None, 8, 8, 3), (None,), (None, 16, 16, 1), (None, 4, 4, 4, 3), (None, 2),
    (4, 4), (8,), (),
)  # fmt: skip
"""Of the tensors that are tried, likeliest first."""

NEEDS_FUNCTION = "object is not callable"
"""What Python says where an operation calls its argument: then no tensor will do."""

DTYPES = ("float32", "int32", "complex64")

LATER_SHAPES: tuple[tuple[int | None, ...], ...] = ((None,), (None, 1), (3,), (1, 1, 1, 1), (None, 8))
"""Of the tensors that are tried for all arguments but the first: labels, indices, weights, kernels."""

CONSTANTS: tuple[object, ...] = (0, 2, [0.5, 1.0], "same")
"""What is tried for them where no tensor will do."""


@dataclass(frozen=True)
class Trial:
    """A call that works: the config, and what each required argument of the call gets, in order."""

    config: Config
    inputs: tuple[object, ...]


class OperationProbe(Probe):
    """Asks an operation by calling it, because the constructors of operations accept anything."""

    def __init__(self, value: type, trial: Trial):
        super().__init__(value, trial.config)
        self.inputs = trial.inputs

    def try_out(self, **changes: JsonValue) -> str | None:
        """What Keras says against the config with these changes; None where the call works."""
        try:
            call_symbolically(self.value, {**self.config, **changes}, self.inputs)
        except Exception as error:  # noqa: BLE001 - Keras and what is below it raise nearly every kind here
            return f"{type(error).__name__}: {error}"
        return None


class UncomputableError(Exception):
    """Keras takes a call, but its computation cannot be traced."""


def find_trial(name: str, value: type, arguments: list[Argument]) -> tuple[Trial | None, str]:
    """The first call that works, and what Keras said against the one that came nearest to it."""
    refusals: list[str] = []
    uncomputable: list[str] = []
    for config in islice(_list_configs(name, value, arguments), MAX_CONFIGS):
        for inputs in _list_inputs(name, value):
            try:
                call_symbolically(value, config, inputs)
            except UncomputableError as error:
                uncomputable.append(str(error))
                if len(uncomputable) >= MAX_TRACES:
                    return None, uncomputable[0]
            except Exception as error:  # noqa: BLE001 - any error means that this is no call for this operation
                refusals.append(f"{type(error).__name__}: {error}")
                if NEEDS_FUNCTION in refusals[-1]:
                    return None, refusals[-1]
            else:
                return Trial(config, inputs), ""
    return None, next(iter([*uncomputable, *refusals]), "no call that Keras accepts was found")


def call_symbolically(value: type, config: Config, inputs: tuple[object, ...]) -> object:
    """What the operation answers on symbolic tensors, at least one. Raises whatever Keras raises, or one of these:
    `UncomputableError`, `TypeError`."""
    operation: keras.Operation = make_object(value, config)
    answer = operation(*inputs)
    if not any(isinstance(one, keras.KerasTensor) for one in keras.tree.flatten(answer)):
        raise TypeError(f"it gives no tensor but {type(answer).__name__}")
    try:
        trace_operation(operation, inputs, {})
    except Exception as error:
        raise UncomputableError(f"{type(error).__name__}: {error}") from error
    return answer


def list_call_parameters(value: type) -> list[inspect.Parameter]:
    """The parameters of the operation's call. One that its rule for shapes insists on has no default."""
    rule = inspect.signature(value.compute_output_spec).parameters  # type: ignore[attr-defined]
    call = list(inspect.signature(value.call).parameters.values())[1:]  # type: ignore[attr-defined]
    named = {name for name, one in rule.items() if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD}
    return [one.replace(default=one.empty) if one.name in named else one for one in call]


def _list_configs(name: str, value: type, arguments: list[Argument]) -> Iterator[Config]:
    stated = OPERATION_EXAMPLES.get(name, {})
    wanted = [one for one in arguments if one.required or one.name in stated]
    choices = [[stated[one.name]] if one.name in stated else list_candidates(value.__name__, one) for one in wanted]
    for values in product(*choices):
        yield {one.name: candidate for one, candidate in zip(wanted, values, strict=True)}


def _list_inputs(name: str, value: type) -> Iterator[tuple[object, ...]]:
    """What the required arguments may get: all the same tensor, lists of it, then another one for the later ones."""
    if stated := OPERATION_CALLS.get(name):
        yield tuple(_revive(one) for one in stated)
    count = _count_required(value)
    for dtype, shape in product(DTYPES, SHAPES):
        yield (keras.KerasTensor(shape, dtype),) * count
    for dtype, shape in product(DTYPES[:2], SHAPES[:3]):
        yield ([keras.KerasTensor(shape, dtype)] * 2,) * count
    for shape, dtype, later in product(SHAPES if count > 1 else (), DTYPES[:2], _list_later()):
        yield (keras.KerasTensor(shape, dtype), *(later,) * (count - 1))


def _list_later() -> Iterator[object]:
    for shape, dtype in product(LATER_SHAPES, DTYPES[:2]):
        yield keras.KerasTensor(shape, dtype)
    yield from CONSTANTS


def _count_required(value: type) -> int:
    """The required arguments of the call; one that collects all others counts as two."""
    parameters = list_call_parameters(value)
    required = [one for one in parameters if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD]
    return len(required) + 2 * any(one.kind is one.VAR_POSITIONAL for one in parameters)


def _revive(stated: JsonValue) -> object:
    """A tensor of the overlay, which is written as shape and dtype, or a constant as documents have it."""
    if isinstance(stated, dict) and "shape" in stated:
        return keras.KerasTensor(stated["shape"], stated["dtype"])
    if isinstance(stated, dict):
        return read_constant(stated)
    return [_revive(one) for one in stated] if isinstance(stated, list) else stated
