"""How many parameters a layer has and how large its tensors are, and the limits on both."""

import math
from collections.abc import Sequence

import keras
from keras.src.utils.dtype_utils import dtype_size

from engine.layers.operations import is_operation
from engine.models.faults import LayerError
from engine.models.limits import Limits
from engine.models.results import LayerResult


def count_parameters(class_name: str, instance: "keras.layers.Layer", limits: Limits) -> LayerResult:
    """The counts of a built layer, whose weights need have no values yet. An operation has none.

    Raises `LayerError` where it has more parameters than a layer may have.
    """
    if is_operation(instance):
        return LayerResult(parameters=0, trainable_parameters=0, parameter_bytes=0)
    parameters = sum(math.prod(weight.shape) for weight in instance.weights)
    if parameters > limits.max_parameters:
        raise too_many_parameters(f"{class_name} has {format_count(parameters)} parameters", limits)
    return LayerResult(
        parameters=parameters,
        trainable_parameters=sum(math.prod(weight.shape) for weight in instance.trainable_weights),
        parameter_bytes=sum(math.ceil(math.prod(w.shape) * dtype_size(w.dtype) / 8) for w in instance.weights),
    )


def refuse_large_dimensions(class_name: str, tensors: Sequence["keras.KerasTensor"], limits: Limits) -> None:
    """Raises `LayerError` where a tensor has more elements in one dimension than an index reaches."""
    largest = max((size for tensor in tensors for size in tensor.shape if size is not None), default=0)
    if largest > limits.max_dimension:
        raise LayerError(
            "dimension_too_large",
            f"{class_name} gives a tensor with {format_count(largest)} elements in one dimension;"
            f" expected at most {limits.max_dimension:,}.",
            "Make the arguments that set the size smaller.",
        )


def format_count(count: int) -> str:
    """A count as a person reads it: with commas or, where it is very long, as a power of ten."""
    return f"{count:,}" if count < 10**15 else f"about 10^{math.floor(math.log10(count))}"


def too_many_parameters(received: str, limits: Limits) -> LayerError:
    """The fault of a layer, or of a model, that is larger than the engine builds."""
    return LayerError(
        "too_many_parameters",
        f"{received}; expected at most {limits.max_parameters:,}.",
        "Make the layer smaller, or shrink what flows into it (with a pooling layer, for example).",
    )
