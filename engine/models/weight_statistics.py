"""What a model's weights look like: shapes, statistics and a histogram for every variable."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite, prod

import keras
import numpy as np
from keras.src.utils.dtype_utils import dtype_size

from engine.graph.document import Graph
from engine.models.npz import Array
from engine.models.weight_results import (
    Histogram,
    LayerFit,
    LayerWeightsDescription,
    Statistics,
    VariableDescription,
    WeightsDescription,
)
from engine.models.weights import LayerWeights, fit_weights, list_weighted_layers

BINS = 40


def describe_weights(model: "keras.Model", graph: Graph, weights: LayerWeights | None) -> WeightsDescription:
    """Every layer's variables as the model has them, with the statistics of the stored weights.

    The model's own weights need have no values. Statistics are of what is stored, also where it does not fit: then
    each array stands at its place with its own shape. Where `weights` is None there are none.
    """
    layer_ids = {layer.keras_name: layer.id for layer in graph.layers}
    stored = weights or {}
    fits = fit_weights(model, {name: [list(array.shape) for array in group] for name, group in stored.items()})
    own = {layer.name: layer for layer in list_weighted_layers(model)}
    layers = [
        _describe_layer(fit, own.get(fit.layer), layer_ids.get(fit.layer), None if weights is None else stored)
        for fit in fits.layers
    ]
    return WeightsDescription(
        stored=weights is not None,
        fits=weights is not None and fits.fits,
        count=sum(layer.count for layer in layers),
        bytes=sum(layer.bytes for layer in layers),
        layers=layers,
    )


def _describe_layer(
    fit: LayerFit, layer: "keras.layers.Layer | None", layer_id: str | None, weights: LayerWeights | None
) -> LayerWeightsDescription:
    arrays = None if weights is None else weights.get(fit.layer)
    variables = [] if layer is None else [_describe_variable(i, v) for i, v in enumerate(layer.weights)]
    if arrays is not None:
        known = variables if fit.fit == "fits" else []
        variables = [_describe_array(i, array, known[i] if i < len(known) else None) for i, array in enumerate(arrays)]
    return LayerWeightsDescription(
        layer=fit.layer,
        layer_id=layer_id,
        fit=None if weights is None else fit.fit,
        message=None if weights is None else fit.message,
        count=sum(variable.count for variable in variables),
        bytes=sum(variable.bytes for variable in variables),
        variables=variables,
    )


def _describe_variable(index: int, variable: "keras.Variable") -> VariableDescription:
    dtype = str(keras.backend.standardize_dtype(variable.dtype))
    return VariableDescription(
        index=index,
        name=variable.name,
        path=variable.path,
        shape=list(variable.shape),
        dtype=dtype,
        trainable=bool(variable.trainable),
        count=prod(variable.shape),
        bytes=-(-prod(variable.shape) * dtype_size(dtype) // 8),
        statistics=None,
    )


def _describe_array(index: int, array: Array, known: VariableDescription | None) -> VariableDescription:
    statistics = measure(array)
    if known is not None:
        return known.model_copy(update={"statistics": statistics})
    return VariableDescription(
        index=index,
        name=str(index),
        path=str(index),
        shape=list(array.shape),
        dtype=str(array.dtype),
        trainable=False,
        count=array.size,
        bytes=array.nbytes,
        statistics=statistics,
    )


def measure(array: Array, bins: int = BINS) -> Statistics:
    """Statistics of an array, computed with 64 bits, and a histogram of its finite values with `bins` equal bins."""
    values = array.astype(np.uint8) if array.dtype.kind == "b" else array
    nan = int(np.isnan(values).sum())
    infinite = int(np.isinf(values).sum())
    finite = values[np.isfinite(values)] if nan or infinite else values.reshape(-1)
    zeros = (values.size - np.count_nonzero(values)) / values.size if values.size else 0.0
    if not finite.size:
        nothing = {"min": None, "max": None, "mean": None, "std": None, "histogram": None}
        return Statistics(zeros=float(zeros), nan=nan, infinite=infinite, **nothing)
    low, high = float(finite.min()), float(finite.max())
    with _quiet():
        mean, std = float(finite.mean(dtype=np.float64)), float(finite.std(dtype=np.float64))
    return Statistics(
        min=low,
        max=high,
        mean=mean if isfinite(mean) else None,
        std=std if isfinite(std) else None,
        zeros=float(zeros),
        nan=nan,
        infinite=infinite,
        histogram=_make_histogram(finite, low, high, bins),
    )


def _make_histogram(finite: Array, low: float, high: float, bins: int) -> Histogram | None:
    """None where the values lie so far apart, or so close together, that bins of a 64-bit width cannot tell them."""
    try:
        with _quiet():
            precise = finite if finite.dtype.itemsize >= 4 and finite.dtype.kind == "f" else finite.astype(np.float64)
            counts, edges = np.histogram(precise, bins=bins, range=(low, high))
    except ValueError:
        return None
    if not np.isfinite(edges).all():
        return None
    return Histogram(edges=edges.tolist(), counts=counts.tolist())


@contextmanager
def _quiet() -> Iterator[None]:
    """Numbers near the end of a float's range overflow: the result says so, a warning need not."""
    with np.errstate(all="ignore"):
        yield
