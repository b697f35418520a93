"""Weights for a graph's model out of a file: of all layers, of one, or of another model's layers by name."""

import hashlib
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import keras

from engine.errors import EngineError, IssuesError
from engine.graph.document import Graph
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import build_model, link_graph
from engine.models.counting import count_parameters
from engine.models.limits import DEFAULT_LIMITS, Limits
from engine.models.npz import DEFAULT_NPZ_LIMITS, Array, NpzLimits, read_npz, write_npz
from engine.models.unlearned import refuse_unlearned, stand_in
from engine.models.weight_results import StoredWeights, WeightsDescription, WeightsFit, compare_shapes
from engine.models.weight_sources import receive_weights
from engine.models.weight_statistics import describe_weights
from engine.models.weights import (
    LayerWeights,
    apply_weights,
    get_weights,
    list_weighted_layers,
    read_weights,
    refuse_misfit,
    write_weights,
)

SEED = 0
"""With which layers that get no weights from a file get their first ones."""


def describe_stored_weights(graph: Graph, path: Path | None) -> WeightsDescription:
    """The model's weights with statistics of the npz file's, or their shapes alone where `path` is None.

    Raises `GraphError`, and `EngineError` `invalid_weights`, `too_large` or `not_found`.
    """
    weights = None if path is None else read_weights(path)
    with open_symbolic_scope():
        return describe_weights(link_graph(stand_in(graph), "model"), graph, weights)


def describe_checkpoint_weights(graph: Graph, path: Path) -> WeightsDescription:
    """The weights in a checkpoint of the graph's model. Raises as `describe_stored_weights`."""
    with open_symbolic_scope():
        model = link_graph(graph, "model")
        return describe_weights(model, graph, receive_weights(model, path).weights)


def replace_all_weights(
    graph: Graph, source: Path, destination: Path, base: Path | None, *, strict: bool = True
) -> StoredWeights:
    """Writes to `destination` the weights of the graph's model with what the file `source` has for it.

    Where not `strict`, layers that the file does not fit keep the weights of `base`, and those that `base` does not
    fit either get new ones. Raises `GraphError`, `IssuesError` `weights_do_not_fit` (always where nothing fits), and
    what `receive_weights` raises.
    """
    model = _build(graph, base)
    received = receive_weights(model, source)
    _refuse(received.fit, graph, strict=strict)
    apply_weights(model, received.weights, strict=False)
    return _store(model, received.fit, destination)


def replace_layer_weights(
    graph: Graph, layer: str, source: Path, destination: Path, base: Path | None
) -> StoredWeights:
    """The same for one layer, by its Keras name, from an npz file with its arrays in the order of `get_weights()`.

    They are named by their places (`0`, `1`, …), as `numpy.savez` names them (`arr_0`, …), or `{layer}/0`. A layer that
    is a model, or wraps one, takes a file of that model's weights too, by the names of the layers inside. Raises the
    same, and `EngineError` `not_found` where the model has no such layer.
    """
    model = _build(graph, base)
    shapes = {one.name: [list(v.shape) for v in one.weights] for one in list_weighted_layers(model)}
    if layer not in shapes:
        raise EngineError(
            "not_found",
            f"The model has no layer {layer[:200]!r} with weights.",
            f"Its layers with weights are {', '.join(list(shapes)[:20])}." if shapes else None,
        )
    inner = _find_inner_model(model.get_layer(layer))
    arrays = read_layer_arrays(source) if inner is None or _is_one_layer(source, layer) else _fill(inner, source)
    fit = compare_shapes({layer: shapes[layer]}, {layer: [list(array.shape) for array in arrays]})
    refuse_misfit(fit, graph)
    apply_weights(model, {layer: arrays}, strict=False)
    return _store(model, fit, destination)


def _find_inner_model(layer: "keras.layers.Layer") -> "keras.Model | None":
    if isinstance(layer, keras.layers.Wrapper):
        layer = layer.layer
    return layer if isinstance(layer, keras.Model) else None


def _is_one_layer(path: Path, layer: str) -> bool:
    """Whether the file has arrays of one layer, and not those of several by their names."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        owners = {name.rpartition("/")[0] for name in archive.namelist() if name.endswith(".npy")}
    return owners <= {"", layer} and bool(owners)


def _fill(model: "keras.Model", source: Path) -> list[Array]:
    """All arrays of a model inside another one out of a file that has to have all of its layers, and may have more."""
    received = receive_weights(model, source)
    needed = {one.name for one in list_weighted_layers(model)}
    refuse_misfit(WeightsFit(layers=[one for one in received.fit.layers if one.layer in needed]))
    apply_weights(model, received.weights, strict=False)
    arrays: list[Array] = model.get_weights()
    return arrays


def take_weights(
    graph: Graph, source_graph: Graph, source: Path, destination: Path, base: Path | None
) -> StoredWeights:
    """The same with the layers of another model that have the same names and shapes: those of a run's checkpoint.

    `source_graph` is the graph of the model that the checkpoint was saved from.
    """
    weights: LayerWeights = receive_weights(_build(source_graph, None), source).weights
    model = _build(graph, base)
    fit = apply_weights(model, weights, strict=False)
    _refuse(fit, graph, strict=False)
    return _store(model, fit, destination)


def pack_layer(path: Path, layer: str) -> bytes:
    """One layer's arrays of a weights file as an npz file of their own, named by their places.

    Raises `EngineError` `not_found`, `invalid_weights` or `too_large`.
    """
    arrays = read_npz(path, wanted=lambda name: name.rpartition("/")[0] == layer)
    if not arrays:
        raise EngineError("not_found", f"There are no weights for a layer {layer[:200]!r}.")
    with TemporaryDirectory(prefix="layerloom-weights-") as folder:
        packed = Path(folder) / "layer.npz"
        write_npz(packed, ((name.rpartition("/")[2], array) for name, array in arrays.items()))
        return packed.read_bytes()


def read_layer_arrays(path: Path, limits: NpzLimits = DEFAULT_NPZ_LIMITS) -> list[Array]:
    """The arrays of one layer in an npz file, in the order of their places. Raises `EngineError` `invalid_weights`."""
    places = {}
    for name, array in read_npz(path, limits).items():
        place = name.rpartition("/")[2].removeprefix("arr_")
        if not (place.isascii() and place.isdigit()) or len(place) > 6 or int(place) in places:
            raise EngineError(
                "invalid_weights",
                f"The weights cannot be read: there is an array {name[:100]!r}; expected 0, 1, … or arr_0, ….",
                "Write it with numpy.savez(file, *layer.get_weights()).",
            )
        places[int(place)] = array
    if sorted(places) != list(range(len(places))):
        raise EngineError(
            "invalid_weights",
            f"The weights cannot be read: the arrays have the places {sorted(places)[:10]};"
            f" expected 0 to {len(places) - 1}.",
        )
    return [places[place] for place in sorted(places)]


def build_with_weights(
    graph: Graph, path: Path | None, limits: Limits = DEFAULT_LIMITS
) -> tuple["keras.Model", WeightsFit | None]:
    """The graph's model with the weights of the npz file where they fit, and new, seeded ones elsewhere.

    Raises `GraphError`, and `EngineError` `model_too_large`, or what `read_weights` raises.
    """
    refuse_unlearned(graph)
    refuse_large_model(graph, limits)
    keras.utils.set_random_seed(SEED)
    model = build_model(graph, "model", limits)
    return model, None if path is None else apply_weights(model, read_weights(path), strict=False)


def _build(graph: Graph, base: Path | None) -> "keras.Model":
    return build_with_weights(graph, base)[0]


def refuse_large_model(graph: Graph, limits: Limits = DEFAULT_LIMITS) -> None:
    """Raises `EngineError` `model_too_large` where the model would not fit, and `GraphError` where it is none."""
    with open_symbolic_scope():
        size = count_parameters("The model", link_graph(graph, "model", limits), limits).parameter_bytes
    if size > limits.max_export_bytes:
        raise EngineError(
            "model_too_large",
            f"The model's parameters take {size:,} bytes; expected at most {limits.max_export_bytes:,}.",
            "Make the model smaller.",
        )


def refuse_if_none_fits(fit: WeightsFit, graph: Graph) -> None:
    """Raises `IssuesError` `weights_do_not_fit` where no layer gets its weights."""
    if fit.kept:
        return
    try:
        refuse_misfit(fit, graph)
    except IssuesError as error:
        message = f"None of the model's layers gets weights: {error.message}"
        raise IssuesError(error.code, message, error.hint, error.issues) from error
    raise IssuesError("weights_do_not_fit", "The model has no layers with weights.")


def store_weights(weights: LayerWeights, fit: WeightsFit, destination: Path) -> StoredWeights:
    """Writes the weights, and says what was written."""
    write_weights(destination, weights)
    with destination.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    shapes = {name: [list(array.shape) for array in group] for name, group in weights.items()}
    return StoredWeights(sha256=digest, size=destination.stat().st_size, layers=shapes, fit=fit)


def _refuse(fit: WeightsFit, graph: Graph, *, strict: bool) -> None:
    if strict:
        refuse_misfit(fit, graph)
    else:
        refuse_if_none_fits(fit, graph)


def _store(model: "keras.Model", fit: WeightsFit, destination: Path) -> StoredWeights:
    return store_weights(get_weights(model), fit, destination)
