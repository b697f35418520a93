"""Weights put into models and taken from Keras's files; how they fit is told layer by layer."""

import zipfile
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
from pydantic import JsonValue

from engine.errors import EngineError, IssuesError
from engine.graph.document import Graph
from engine.models.builder import build_model
from engine.models.npz import write_npz
from engine.models.weight_changes import (
    describe_stored_weights,
    pack_layer,
    read_layer_arrays,
    replace_all_weights,
    replace_layer_weights,
    take_weights,
)
from engine.models.weight_sources import receive_weights
from engine.models.weight_statistics import measure
from engine.models.weights import LayerWeights, apply_weights, get_weights, read_weights, write_weights
from tests.engine.models.sketch import Sketch, dense, make_chain


def make_rich_graph() -> Graph:
    """A nested model with dropout, a wrapper around a recurrent layer, and a layer with weights that do not train."""
    inner = make_chain(dense(3), ("Dropout", {"rate": 0.5}), shape=[4, 3])
    sketch = Sketch()
    before = sketch.add("x", "InputLayer", shape=[4, 3])
    before = sketch.add("inner", "Functional", before, graph=inner)
    lstm: dict[str, JsonValue] = {"class_name": "LSTM", "config": {"units": 2}}
    before = sketch.add("both_ways", "Bidirectional", before, layer=lstm)
    before = sketch.add("norm", "BatchNormalization", before)
    return sketch.end(sketch.add("answer", "Dense", before, units=2))


@pytest.fixture(scope="module")
def model() -> "keras.Model":
    model = build_model(make_rich_graph())
    model.set_weights([np.random.default_rng(1).normal(size=w.shape).astype("float32") for w in model.get_weights()])
    return model


def equal(first: "keras.Model", second: "keras.Model") -> bool:
    return all(np.array_equal(a, b) for a, b in zip(first.get_weights(), second.get_weights(), strict=True))


@pytest.mark.parametrize("extension", [".npz", ".weights.h5", ".h5", ".keras"])
def test_every_kind_of_file_gives_all_weights(tmp_path: Path, model: "keras.Model", extension: str):
    path = tmp_path / f"model{extension}"
    if extension == ".npz":
        write_weights(path, get_weights(model))
    elif extension == ".weights.h5":
        model.save_weights(path)
    else:
        model.save(path)
    other = build_model(make_rich_graph())
    received = receive_weights(other, path.rename(tmp_path / "upload"))
    assert received.fit.fits
    apply_weights(other, received.weights)
    assert equal(other, model)


def test_bfloat16_is_kept_exactly(tmp_path: Path):
    model = build_model(make_chain(("Dense", {"units": 3, "dtype": "bfloat16"})))
    write_weights(tmp_path / "a.npz", get_weights(model))
    other = build_model(make_chain(("Dense", {"units": 3, "dtype": "bfloat16"})))
    apply_weights(other, read_weights(tmp_path / "a.npz"))
    assert np.array_equal(other.get_weights()[0], model.get_weights()[0])
    model.save_weights(tmp_path / "a.weights.h5")
    received = receive_weights(other, tmp_path / "a.weights.h5")
    assert np.array_equal(received.weights["layer_0"][0], get_weights(model)["layer_0"][0])


def test_a_misfit_is_explained_layer_by_layer_and_changes_nothing():
    graph = make_chain(dense(3), dense(2))
    model = build_model(graph)
    before = model.get_weights()
    weights: LayerWeights = {
        "layer_0": get_weights(model)["layer_0"],
        "layer_1": [np.ones((3, 4)), np.ones(4)],
        "other": [np.ones(1)],
    }
    with pytest.raises(IssuesError) as refusal:
        apply_weights(model, weights, graph=graph)
    assert [(issue.node, issue.message) for issue in refusal.value.issues] == [
        ("layer_1", "The weights for the layer 'layer_1' have the shapes [3, 4], [4]; expected [3, 2], [2]."),
        (None, "There are weights for 'other', and the model has no layer with weights of that name."),
    ]
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
    weights["layer_0"] = [np.ones((8, 3)), np.ones(3)]
    fit = apply_weights(model, weights, strict=False)
    assert fit.kept == ["layer_0"]
    assert model.get_weights()[0].min() == 1


def test_layers_that_get_nothing_keep_the_stored_weights_or_get_the_same_new_ones(tmp_path: Path):
    graph = make_chain(dense(3), dense(2))
    one, two = tmp_path / "one.npz", tmp_path / "two.npz"
    np.savez(tmp_path / "layer.npz", np.ones((3, 2), "float32"), np.ones(2, "float32"))
    stored = replace_layer_weights(graph, "layer_1", tmp_path / "layer.npz", one, None)
    assert stored.layers == {"layer_0": [[8, 3], [3]], "layer_1": [[3, 2], [2]]}
    again = replace_layer_weights(graph, "layer_1", tmp_path / "layer.npz", two, one)
    assert again.sha256 == stored.sha256
    (tmp_path / "packed.npz").write_bytes(pack_layer(one, "layer_0"))
    assert np.array_equal(read_layer_arrays(tmp_path / "packed.npz")[0], read_weights(one)["layer_0"][0])
    larger = make_chain(dense(3), dense(5))
    with pytest.raises(IssuesError):
        replace_all_weights(larger, one, two, None)
    assert replace_all_weights(larger, one, two, None, strict=False).fit.kept == ["layer_0"]
    with pytest.raises(IssuesError, match="None of the model's layers"):
        replace_all_weights(make_chain(dense(7)), one, two, None, strict=False)


def test_a_checkpoint_of_another_graph_gives_the_layers_that_fit(tmp_path: Path):
    trained, graph = make_chain(dense(3), dense(2)), make_chain(dense(3), dense(4))
    model = build_model(trained)
    model.save(tmp_path / "a.keras")
    stored = take_weights(graph, trained, tmp_path / "a.keras", tmp_path / "a.npz", None)
    assert stored.fit.kept == ["layer_0"]
    assert np.array_equal(read_weights(tmp_path / "a.npz")["layer_0"][0], model.get_weights()[0])


@pytest.mark.parametrize("names", [("0", "2"), ("a", "b"), ("0", "arr_0")])
def test_a_layers_arrays_need_places(tmp_path: Path, names: tuple[str, str]):
    write_npz(tmp_path / "a.npz", [(name, np.ones(1)) for name in names])
    with pytest.raises(EngineError) as refusal:
        read_layer_arrays(tmp_path / "a.npz")
    assert refusal.value.code == "invalid_weights"


def test_the_description_has_statistics_and_what_does_not_fit(tmp_path: Path):
    graph = make_chain(dense(3), dense(2))
    write_weights(tmp_path / "a.npz", {"layer_0": [np.zeros((8, 3)), np.ones(3)], "gone": [np.arange(4.0)]})
    described = describe_stored_weights(graph, tmp_path / "a.npz")
    assert [(one.layer, one.fit) for one in described.layers] == [
        ("layer_0", "fits"), ("layer_1", "missing"), ("gone", "unknown"),
    ]  # fmt: skip
    kernel = described.layers[0].variables[0]
    assert (kernel.path, kernel.trainable, kernel.count, kernel.bytes) == ("layer_0/kernel", True, 24, 96)
    assert kernel.statistics is not None
    assert kernel.statistics.zeros == 1
    assert not describe_stored_weights(graph, None).stored


def test_statistics_survive_nan_infinities_and_nothing_at_all():
    found = measure(np.array([np.nan, np.inf, -np.inf, 0, 2], "float32"))
    assert (found.nan, found.infinite, found.min, found.max, found.mean, found.std) == (1, 2, 0, 2, 1, 1)
    assert found.zeros == pytest.approx(0.2)
    assert found.histogram is not None
    assert sum(found.histogram.counts) == 2
    assert measure(np.zeros((0, 3))).min is None
    assert measure(np.full(2, np.nan)).histogram is None
    assert measure(np.array([-1e308, 1e308])).histogram is None


@pytest.mark.parametrize("kind", ["external", "soft", "huge", "not_keras", "external_data"])
def test_hostile_hdf5_files_are_refused(tmp_path: Path, kind: str):
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        if kind == "external":
            file["layers"] = h5py.ExternalLink("/etc/hostname", "/")
        elif kind == "soft":
            file["layers"] = h5py.SoftLink("/")
        elif kind == "huge":
            file.create_dataset("layers/dense/vars/0", shape=(10**6, 10**6), dtype="float64", chunks=(1000, 1000))
        elif kind == "external_data":
            file.create_dataset("a", shape=(4,), dtype="u1", external=[("/etc/hostname", 0, 4)])
        else:
            file.attrs["layer_names"] = ["a"]
    with pytest.raises(EngineError) as refusal:
        receive_weights(build_model(make_chain(dense(2))), path)
    assert refusal.value.code in {"invalid_weights", "too_large"}


def test_a_damaged_keras_file_is_refused(tmp_path: Path, model: "keras.Model"):
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.weights.h5", bytes(range(256)) * 100)
    content = path.read_bytes()
    path.write_bytes(content[:60] + b"\xff" * 30 + content[90:])
    with pytest.raises(EngineError, match="damaged") as caught:
        receive_weights(model, path)
    assert caught.value.code == "invalid_weights"


def test_a_keras_file_packed_in_another_way_is_refused(tmp_path: Path, model: "keras.Model"):
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("model.weights.h5", b"x")
    with pytest.raises(EngineError, match="compressed"):
        receive_weights(model, path)


@pytest.mark.parametrize("class_name", ["Functional", "TimeDistributed"])
def test_a_model_inside_another_takes_a_file_of_its_own_layers(tmp_path: Path, class_name: str):
    inner = make_chain(dense(3), dense(2))
    donor = build_model(make_chain(dense(3), dense(2), dense(5)))
    donor.save_weights(tmp_path / "donor.weights.h5")
    write_weights(tmp_path / "donor.npz", get_weights(donor))
    shape: list[int | None] = [8] if class_name == "Functional" else [4, 8]
    graph = make_chain((class_name, {}), dense(1), shape=shape)
    graph.layers[1].graph = inner

    for name in ("donor.weights.h5", "donor.npz"):
        replace_layer_weights(graph, "layer_0", tmp_path / name, tmp_path / "all.npz", None)
        for mine, theirs in zip(read_weights(tmp_path / "all.npz")["layer_0"], donor.get_weights()[:4], strict=True):
            np.testing.assert_array_equal(mine, theirs)


def test_a_model_inside_another_takes_no_file_that_lacks_a_layer(tmp_path: Path):
    donor = build_model(make_chain(dense(3)))
    write_weights(tmp_path / "donor.npz", get_weights(donor))
    graph = make_chain(("Functional", {}))
    graph.layers[1].graph, graph.layers[1].name = make_chain(dense(3), dense(2)), "block"

    with pytest.raises(IssuesError, match="layer_1"):
        replace_layer_weights(graph, "block", tmp_path / "donor.npz", tmp_path / "all.npz", None)
