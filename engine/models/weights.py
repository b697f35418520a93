"""The weights of a model by layer: read from npz files, written to them, put into a model and taken from it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import keras
import numpy as np

from engine.errors import EngineError, IssuesError
from engine.graph.document import Graph
from engine.layers.overlay import LEARNED
from engine.models.npz import DEFAULT_NPZ_LIMITS, Array, NpzLimits, name_arrays, read_npz, read_npz_headers, write_npz
from engine.models.weight_results import Shapes, WeightsFit, compare_shapes, list_fit_issues

Piece = TypeVar("Piece")

LayerWeights = dict[str, list[Array]]
"""The arrays of each of the model's own layers, by its Keras name, in the order of `layer.get_weights()`.

A nested model or a wrapper is one layer with one flat list. Layers without weights are left out.
"""


def read_weights(path: Path, limits: NpzLimits = DEFAULT_NPZ_LIMITS) -> LayerWeights:
    """The weights in an npz file whose arrays are named `{layer}/{index}`.

    Raises `EngineError` `invalid_weights`, `too_large` or `not_found`. Nothing in a file can run code or take more
    memory than the limits say.
    """
    return _group(read_npz(path, limits))


def read_weight_shapes(path: Path, limits: NpzLimits = DEFAULT_NPZ_LIMITS) -> dict[str, Shapes]:
    """The shapes of what `read_weights` would give, without reading the numbers. Raises the same."""
    headers = _group(read_npz_headers(path, limits))
    return {name: [list(header.shape) for header in group] for name, group in headers.items()}


def write_weights(path: Path, weights: Mapping[str, list[Array]]) -> None:
    """Writes the weights; the file is at `path` once it is whole and on disk. Equal weights give equal files.

    Numbers that numpy has no name for (`bfloat16`) are written as `float32`, which holds all of them.
    """
    write_npz(path, name_arrays({name: [to_plain_array(one) for one in group] for name, group in weights.items()}))


def get_weights(model: "keras.Model") -> LayerWeights:
    """The weights of a model."""
    return {
        layer.name: [np.asarray(to_plain_array(value)) for value in layer.get_weights()]
        for layer in list_weighted_layers(model)
    }


def apply_weights(
    model: "keras.Model", weights: Mapping[str, list[Array]], *, strict: bool = True, graph: Graph | None = None
) -> WeightsFit:
    """Puts weights into a model by layer name, and says which layers got theirs.

    Where not `strict`, what does not fit is left out, and those layers keep the values that they have. Raises
    `IssuesError` `weights_do_not_fit` where `strict` and anything is missing, left over or of another shape; then the
    model is as it was. With the model's `graph` its issues name the nodes.
    """
    fit = fit_weights(model, {name: [list(array.shape) for array in group] for name, group in weights.items()})
    if strict:
        refuse_misfit(fit, graph)
    kept = set(fit.kept)
    for layer in list_weighted_layers(model):
        if layer.name in kept:
            layer.set_weights(weights[layer.name])
    return fit


def fit_weights(model: "keras.Model", received: dict[str, Shapes]) -> WeightsFit:
    """How weights of these shapes fit the model, whose own weights need have no values yet.

    What is there for layers that have it in their configs by now (`list_learners`) counts as not there.
    """
    learners = list_learners(model)
    received = {name: shapes for name, shapes in received.items() if name not in learners}
    expected = {
        layer.name: [list(variable.shape) for variable in layer.weights] for layer in list_weighted_layers(model)
    }
    return compare_shapes(expected, received)


def refuse_misfit(fit: WeightsFit, graph: Graph | None = None) -> None:
    """Raises `IssuesError` `weights_do_not_fit` where anything is missing, left over or of another shape."""
    issues = list_fit_issues(fit, graph)
    if issues:
        more = f" (and {len(issues) - 1} more)" if len(issues) > 1 else ""
        raise IssuesError("weights_do_not_fit", issues[0].message + more, issues[0].hint, issues)


def list_weighted_layers(model: "keras.Model") -> list["keras.layers.Layer"]:
    """The model's own layers that have weights, in the model's order, each once."""
    return [layer for layer in model.layers if layer.weights]


def list_learners(model: "keras.Model") -> set[str]:
    """The model's own layers that learn by `adapt` and know what they need from their configs: they have no weights."""
    return {layer.name for layer in model.layers if type(layer).__name__ in LEARNED and not layer.weights}


def to_plain_array(value: object) -> Array:
    """An array whose dtype numpy itself knows: `bfloat16` and the like become `float32`."""
    array = np.asarray(value)
    return array if array.dtype.kind in "biuf" else array.astype(np.float32)


def _group(pieces: Mapping[str, Piece]) -> dict[str, list[Piece]]:
    """Arrays by layer and in order. Raises `EngineError` `invalid_weights` where a name or a place is wrong."""
    groups: dict[str, dict[int, Piece]] = {}
    for name, piece in pieces.items():
        layer, _, place = name.rpartition("/")
        if not layer or not (place.isascii() and place.isdigit()) or len(place) > 6 or str(int(place)) != place:
            raise EngineError(
                "invalid_weights",
                f"The weights cannot be read: there is an array {name!r}; expected names such as 'dense/0'.",
                "Name each array by its layer and its place in layer.get_weights().",
            )
        groups.setdefault(layer, {})[int(place)] = piece
    for layer, group in groups.items():
        if sorted(group) != list(range(len(group))):
            raise EngineError(
                "invalid_weights",
                f"The weights cannot be read: those of the layer {layer!r} have the places"
                f" {sorted(group)[:10]}; expected 0 to {len(group) - 1}.",
            )
    return {layer: [group[place] for place in sorted(group)] for layer, group in groups.items()}
