"""One real call of a Keras layer on symbolic tensors, and what comes out of it."""

import re
from contextlib import nullcontext
from dataclasses import dataclass

import keras
from keras.src.backend import compute_output_spec

from engine.errors import EngineError
from engine.graph.document import Layer
from engine.layers.code import explain_code_error
from engine.layers.code_time import limit_time
from engine.layers.operations import is_operation
from engine.layers.scope import record_warnings
from engine.models.explain import explain_call_error
from engine.models.faults import LayerError, clean_text
from engine.models.operation_calls import call_operation, find_bad_argument, read_constants
from engine.models.tensors import read_spec

LAYER_MENTION = re.compile(r"Layer '[^']*' \(of type (\w+)\)")
"""How a warning names the layer. It is remembered for layers of any name, so only the class is kept."""


@dataclass(frozen=True)
class Called:
    """A call's output tensors in Keras's order, where each stands in what the call answers, and Keras's warnings."""

    tensors: list["keras.KerasTensor"]
    paths: list[tuple[int | str, ...]]
    warnings: list[str]


def call_layer(
    layer: Layer, instance: "keras.layers.Layer", args: list[object], kwargs: dict[str, object], *, trace: bool = False
) -> Called:
    """What comes out of the call. Raises `LayerError`.

    With `trace` the layer's computation is traced as training would: for a shared layer, built for other inputs,
    because many layers look at shapes only while they are built.
    """
    args, kwargs = read_constants(args, kwargs)
    with record_warnings() as warned:
        try:
            result = _call(layer, instance, args, kwargs)
            if trace and not is_operation(instance):
                compute_output_spec(instance.call, *args, **kwargs)
            _refuse_same_tensor(layer.class_name, result, args, kwargs)
        except LayerError:
            raise
        except EngineError as error:
            raise LayerError.of(error) from error
        except Exception as error:
            if explained := explain_code_error(layer.class_name, error):
                raise LayerError.of(explained) from error
            inputs = [read_spec(x) for x in keras.tree.flatten([args, kwargs]) if isinstance(x, keras.KerasTensor)]
            fault = explain_call_error(layer.class_name, layer.config, error, inputs)
            if is_operation(instance) and fault.argument is None:
                fault.argument = find_bad_argument(layer, instance, args, kwargs)
            raise fault from error
    found = [(path, x) for path, x in keras.tree.flatten_with_path(result) if isinstance(x, keras.KerasTensor)]
    return Called(
        tensors=[tensor for _, tensor in found],
        paths=[tuple(path) for path, _ in found],
        warnings=[LAYER_MENTION.sub(r"\1", clean_text(text)) for text in warned],
    )


def _call(layer: Layer, instance: "keras.Operation", args: list[object], kwargs: dict[str, object]) -> object:
    if isinstance(instance, keras.layers.InputLayer):
        return instance.output
    if is_operation(instance):
        return call_operation(layer, instance, args, kwargs)
    with limit_time() if layer.code is not None else nullcontext():
        return instance(*args, **kwargs)


def _refuse_same_tensor(class_name: str, result: object, args: list[object], kwargs: dict[str, object]) -> None:
    """Keras keeps with each tensor the one call that made it, so a call that answers its own input makes a cycle."""
    came = {id(tensor) for tensor in keras.tree.flatten([args, kwargs]) if isinstance(tensor, keras.KerasTensor)}
    if any(id(tensor) in came for tensor in keras.tree.flatten(result)):
        raise LayerError(
            "unusable_layer",
            f"{class_name} answers the very tensor that it was called on; Keras {keras.__version__} expects a new one,"
            " and cannot make a model of it.",
            "Use it on the data before training, or take another layer.",
        )
