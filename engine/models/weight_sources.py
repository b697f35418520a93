"""Weights for a model from whatever file holds them: npz, Keras's own files, and the older ones by layer name."""

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import h5py
import keras
import numpy as np
from keras.src.legacy.saving import legacy_h5_format
from keras.src.saving import saving_lib

from engine.errors import EngineError
from engine.models.hdf5 import MAGIC, open_hdf5
from engine.models.npz import COMPRESSIONS, DEFAULT_NPZ_LIMITS, Array, NpzLimits
from engine.models.weight_results import WeightsFit, compare_shapes
from engine.models.weights import (
    LayerWeights,
    fit_weights,
    list_learners,
    list_weighted_layers,
    read_weights,
    to_plain_array,
)

STORE_NAME = "model.weights.h5"
"""The member of a `.keras` file that has the weights."""

ZIP_MAGIC = b"PK"
COPY_BYTES = 1 << 20


@dataclass(frozen=True)
class ReceivedWeights:
    """How a file's weights fit a model, and the arrays of those layers that they fit."""

    fit: WeightsFit
    weights: LayerWeights


def receive_weights(model: "keras.Model", path: Path, limits: NpzLimits = DEFAULT_NPZ_LIMITS) -> ReceivedWeights:
    """What a file has for the model, which stays as it is. Layers are found by their names.

    What kind of file it is is read from its first bytes, whatever it is called: npz with arrays `{layer}/{index}`,
    `.keras`, `.weights.h5`, or the `.h5` of Keras 2 (weights, or a whole model). Raises `EngineError`
    `invalid_weights`, `too_large` or `not_found`.
    """
    try:
        with path.open("rb") as file:
            start = file.read(len(MAGIC))
    except FileNotFoundError as error:
        raise EngineError("not_found", f"The weights file {path.name!r} is not there.") from error
    if start == MAGIC:
        return _receive_hdf5(model, path, limits)
    if start.startswith(ZIP_MAGIC) and _has_store(path):
        return _receive_archive(model, path, limits)
    if start.startswith(ZIP_MAGIC):
        weights = read_weights(path, limits)
        fit = fit_weights(model, {name: [list(one.shape) for one in group] for name, group in weights.items()})
        return ReceivedWeights(fit, {name: weights[name] for name in fit.kept})
    raise EngineError(
        "invalid_weights",
        "The weights cannot be read: the file is neither an npz archive nor one of Keras's files.",
        "Send an .npz, .keras, .weights.h5 or .h5 file.",
    )


def _has_store(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return STORE_NAME in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _receive_archive(model: "keras.Model", path: Path, limits: NpzLimits) -> ReceivedWeights:
    """Only the weights are taken out of a `.keras` file; whatever else it brings is not looked at."""
    with tempfile.TemporaryDirectory(prefix="layerloom-weights-") as folder, zipfile.ZipFile(path) as archive:
        member = archive.getinfo(STORE_NAME)
        if member.compress_type not in COMPRESSIONS:
            raise EngineError("invalid_weights", "The .keras file is compressed in a way that Keras does not write.")
        if member.file_size > 2 * limits.max_bytes:
            raise EngineError(
                "too_large",
                f"The weights in the file take {member.file_size:,} bytes; expected at most {2 * limits.max_bytes:,}.",
            )
        store = Path(folder) / STORE_NAME
        try:
            with archive.open(member) as packed, store.open("wb") as file:
                shutil.copyfileobj(packed, file, COPY_BYTES)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, NotImplementedError) as error:
            raise EngineError(
                "invalid_weights", f"The weights cannot be read: the .keras file is damaged ({error})."
            ) from error
        return _receive_hdf5(model, store, limits)


def _receive_hdf5(model: "keras.Model", path: Path, limits: NpzLimits) -> ReceivedWeights:
    with open_hdf5(path, limits) as file:
        root = file["model_weights"] if "layer_names" not in file.attrs and "model_weights" in file else file
        if "layer_names" in root.attrs or "layer_names0" in root.attrs:
            return _match(model, _list_legacy_variables(model), _list_legacy_datasets(root))
        prefixes, expected = _list_variables(model)
        return _match(model, expected, _list_datasets(file, prefixes))


ByPath = dict[str, dict[str, object]]
"""By a layer's name: all variables of the layer, each by its path below the layer in a file."""

Datasets = dict[str, dict[str, "h5py.Dataset"]]


def _match(model: "keras.Model", expected: ByPath, received: Datasets) -> ReceivedWeights:
    """Lays the file's arrays beside the model's variables, layer by layer, in the order of `layer.weights`."""
    layers = {layer.name: layer for layer in list_weighted_layers(model)}
    places = {name: _order_paths(layer, expected[name]) for name, layer in layers.items()}
    found = {}
    learners = list_learners(model)
    for name, datasets in received.items():
        if name in learners:
            continue
        # What a file has beside a layer's weights (the state of a random generator) is neither missed nor left over.
        rest = [dataset for path, dataset in datasets.items() if path not in expected.get(name, {})]
        own = [datasets[path] for path in places.get(name, []) if path in datasets]
        if own or rest:
            found[name] = [list(dataset.shape) for dataset in own + rest]
    fit = compare_shapes({n: [list(variable.shape) for variable in layers[n].weights] for n in layers}, found)
    return ReceivedWeights(fit, {n: [_read(received[n][path]) for path in places[n]] for n in fit.kept})


def _order_paths(layer: "keras.layers.Layer", paths: dict[str, object]) -> list[str]:
    path_of = {id(variable): path for path, variable in paths.items()}
    return [path_of.get(id(variable), "") for variable in layer.weights]


def _read(dataset: "h5py.Dataset") -> Array:
    array = dataset[()]
    if array.dtype.kind == "V":
        # HDF5 has no name for bfloat16, so Keras writes its bytes. Keras has taught numpy the name.
        array = array.view(np.dtype("bfloat16"))
    return to_plain_array(array)


class _Recorder(saving_lib.H5IOStore):
    """Takes a model's variables where Keras would write them, so that Keras itself says where each one belongs."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, object]] = {}

    def __bool__(self) -> bool:
        return True

    def make(self, path: str, metadata: Mapping[str, str] | None = None) -> dict[str, object]:
        """The place for the variables of one object."""
        del metadata
        return self.found.setdefault(path, {})


def _list_variables(model: "keras.Model") -> tuple[dict[str, str], ByPath]:
    """Where Keras 3 writes each layer (`layers/dense_1`, by the layer's name), and each variable below that."""
    recorder = _Recorder()
    saving_lib._save_state(model, recorder, None, "", set())  # noqa: SLF001 - the only place that knows the paths
    names = {id(variable): layer.name for layer in model.layers for variable in layer.variables}
    prefixes: dict[str, str] = {}
    expected: ByPath = {layer.name: {} for layer in model.layers}
    for path, variables in recorder.found.items():
        prefix, below = _split(path)
        for key, variable in variables.items():
            name = names.get(id(variable))
            if prefix is not None and name is not None:
                prefixes[name] = prefix
                expected[name][f"{below}/vars/{key}".lstrip("/")] = variable
    return prefixes, expected


def _split(path: str) -> tuple[str | None, str]:
    """`layers/dense` and what comes below it; None for what belongs to no layer."""
    steps = path.split("/", 2)
    if len(steps) < 2 or steps[0] != "layers":
        return None, path
    return "/".join(steps[:2]), steps[2] if len(steps) > 2 else ""


def _list_datasets(file: "h5py.File", prefixes: dict[str, str]) -> Datasets:
    """The arrays of each layer in a file of Keras 3: by the names that the file gives the layers or, where none of
    the model's is among them, by their order, as Keras itself reads them."""
    found: Datasets = {}
    names: dict[str, str] = {}
    for key in file.get("layers", {}):
        group = file["layers"][key]
        prefix = f"layers/{key}"
        own = group.get("vars")
        names[prefix] = str(own.attrs.get("name", prefix)) if own is not None else prefix
        found[prefix] = _list_below(group)
    by_name = {names[prefix]: datasets for prefix, datasets in found.items()}
    if prefixes and not by_name.keys() & prefixes.keys():
        name_of = {prefix: name for name, prefix in prefixes.items()}
        return {name_of.get(prefix, names[prefix]): datasets for prefix, datasets in found.items()}
    return by_name


def _list_below(group: "h5py.Group") -> dict[str, "h5py.Dataset"]:
    found: dict[str, h5py.Dataset] = {}

    def note(path: str, piece: object) -> None:
        if isinstance(piece, h5py.Dataset):
            found[path] = piece

    group.visititems(note)
    return found


def _list_legacy_variables(model: "keras.Model") -> ByPath:
    """Keras 2 numbers a layer's variables: the trainable ones first."""
    return {
        layer.name: {str(i): v for i, v in enumerate(layer.trainable_weights + layer.non_trainable_weights)}
        for layer in model.layers
    }


def _list_legacy_datasets(root: "h5py.Group") -> Datasets:
    found: Datasets = {}
    for name in legacy_h5_format.load_attributes_from_hdf5_group(root, "layer_names"):
        group = root[name]
        paths = legacy_h5_format.load_attributes_from_hdf5_group(group, "weight_names")
        if paths:
            found[name] = {str(place): group[path] for place, path in enumerate(paths)}
    return found
