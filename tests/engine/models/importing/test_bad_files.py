"""Hostile, damaged and strange files get one sentence each; nothing of them is run, and no limit is passed."""

import json
import pickle
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import h5py
import keras
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from engine.errors import EngineError
from engine.models.check import GraphChecker
from engine.models.importing.applications import import_application
from engine.models.importing.configs import import_config
from engine.models.importing.files import import_file
from engine.models.limits import DEFAULT_LIMITS

LAYERS: list[JsonValue] = [
    {"class_name": "InputLayer", "config": {"batch_shape": [None, 3], "name": "x"}},
    {"class_name": "Dense", "config": {"units": 2, "name": "y"}},
]
CONFIG: JsonValue = {"class_name": "Sequential", "config": {"name": "small", "layers": LAYERS}}


def write_archive(path, members, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def refuse(path, limits=DEFAULT_LIMITS):
    """The code and the message of the refusal."""
    with pytest.raises(EngineError) as caught:
        import_file(path, path.with_suffix(".npz"), limits)
    assert not path.with_suffix(".npz").exists()
    return caught.value.code, caught.value.message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (pickle.dumps([1]), "a Python pickle"),
        (b"hello", "begins with b'hello'"),
        (b"<!doctype html>", "a web page"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"PK\x03\x04 cut off", "it has no end"),
        (b"\x89HDF\r\n\x1a\n" + b"\0" * 100, "HDF5"),
        (b'{"class_name": ', "no JSON"),
        (b"[1, 2]", "no class_name"),
        (b"{}", "neither class_name and config nor layers"),
        (b'"text"', "expected an object"),
        (b"null" + b" " * 3, "begins with b'null"),
        (b'{"class_name": "Dense", "config": {"units": 3}}', "it has no layers"),
        (b'{"class_name": "Mine", "config": {}}', "subclass of keras.Model"),
    ],
)
def test_whatever_is_no_model_is_named(tmp_path, content, words):
    path = tmp_path / "model.keras"
    path.write_bytes(content)
    assert words in refuse(path)[1]


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ([("readme.txt", b"x")], "has no 'config.json'"),
        ([("config.json", json.dumps(CONFIG)), ("../evil", b"x")], "leads out of the archive"),
        ([("config.json", json.dumps(CONFIG)), ("/etc/evil", b"x")], "leads out of the archive"),
        ([("config.json", b"{"), ("metadata.json", b"{}")], "no JSON"),
        ([("config.json", json.dumps(CONFIG)), ("bomb", b"\0" * (2 << 20))], "times its size"),
        ([("a.npy", b"x")], "npz file"),
        ([(f"m{i}", b"") for i in range(1_001)], "1,001 members"),
    ],
)
def test_archives_are_looked_at_before_they_are_read(tmp_path, members, words):
    assert words in refuse(write_archive(tmp_path / "model.keras", members))[1]


@given(place=st.floats(0, 0.999), value=st.integers(0, 255))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_byte_that_went_wrong_is_refused_or_does_no_harm(place, value):
    with TemporaryDirectory() as folder:
        path = write_archive(
            Path(folder) / "model.keras", [("config.json", json.dumps(CONFIG)), ("metadata.json", "{}")]
        )
        content = bytearray(path.read_bytes())
        content[int(place * len(content))] = value
        path.write_bytes(content)
        with suppress(EngineError):
            assert import_file(path, path.with_suffix(".npz")).graph.layers


def test_links_and_large_archives_are_refused(tmp_path):
    linked = zipfile.ZipInfo("config.json")
    linked.external_attr = 0o120777 << 16
    path = tmp_path / "link.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(linked, "/etc/passwd")
    assert "is a link" in refuse(path)[1]
    large = write_archive(tmp_path / "large.keras", [("config.json", json.dumps(CONFIG)), ("assets", b"x" * 5000)])
    assert refuse(large, replace(DEFAULT_LIMITS, max_archive_bytes=4000))[0] == "too_large"
    assert refuse(large, replace(DEFAULT_LIMITS, max_config_bytes=100))[0] == "too_large"


@pytest.mark.parametrize("kind", ["external", "soft", "virtual"])
def test_hdf5_files_that_point_elsewhere_are_refused(tmp_path, kind):
    path = tmp_path / "model.h5"
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(CONFIG)
        if kind == "external":
            file["model_weights"] = h5py.ExternalLink("other.h5", "/")
        elif kind == "soft":
            file["model_weights"] = h5py.SoftLink("/elsewhere")
        else:
            layout = h5py.VirtualLayout(shape=(3,), dtype="f4")
            layout[:] = h5py.VirtualSource("other.h5", "x", shape=(3,))
            file.create_virtual_dataset("model_weights", layout)
    code, message = refuse(path)
    assert code == "invalid_weights"
    assert "link to another place" in message or "outside the file" in message


def test_a_declared_size_is_not_allocated(tmp_path):
    path = tmp_path / "model.h5"
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(CONFIG)
        file.create_dataset("model_weights/x", shape=(2**40,), dtype="f4", chunks=(2**20,))
    assert refuse(path)[0] == "too_large"


def test_a_model_too_large_for_its_weights_is_still_drawn(tmp_path):
    layers: list[JsonValue] = [*LAYERS, {"class_name": "Dense", "config": {"units": 2**30, "name": "huge"}}]
    config = {"class_name": "Sequential", "config": {"name": "huge", "layers": layers}}
    path = write_archive(tmp_path / "m.keras", [("config.json", json.dumps(config)), ("model.weights.h5", b"x")])
    result = import_file(path, tmp_path / "weights.npz")
    assert len(result.graph.layers) == 3
    assert [issue.code for issue in result.report] == ["weights_left_out"]
    assert result.weights is None


def test_endless_nesting_is_refused():
    config: JsonValue = {}
    for _ in range(500):
        config = {"layers": [config]}
    with pytest.raises(EngineError, match="nested more than"):
        import_config({"class_name": "Sequential", "config": config})


def test_models_nested_without_end_are_refused():
    config: JsonValue = CONFIG
    for depth in range(DEFAULT_LIMITS.max_depth + 2):
        config = {"class_name": "Sequential", "config": {"name": f"m{depth}", "layers": [config]}}
    with pytest.raises(EngineError, match="nested more than 8 deep"):
        import_config(config)


@pytest.mark.parametrize(
    ("layer", "package"),
    [
        ({"class_name": "Mine", "config": {"a": 1}, "module": "mine.layers", "registered_name": "Mine"}, "mine.layers"),
        ({"class_name": "Mine", "config": {"a": 1}, "module": "x", "registered_name": "pack>Mine"}, "pack"),
        ({"class_name": "pack>Mine", "config": {"a": 1, "name": "mine"}}, "pack"),
        ({"class_name": "Gone", "config": {"a": 1}, "module": "keras.layers", "registered_name": None}, None),
        ({"class_name": "system", "config": {"a": 1}, "module": "os", "registered_name": "system"}, "os"),
    ],
)
def test_unknown_classes_become_placeholders_and_are_never_looked_for(layer, package):
    layers: list[JsonValue] = [*LAYERS, layer]
    result = import_config({"class_name": "Sequential", "config": {"name": "m", "layers": layers}})
    placeholder = result.graph.layers[-1]
    assert (placeholder.package, placeholder.config) == (package, {"a": 1})
    assert [issue.code for issue in result.report] == ["placeholder"]
    issues = GraphChecker().check(result.graph).issues
    assert [issue.node for issue in issues] == [result.graph.nodes[-1].id]


def test_a_lambda_of_keras_3_is_kept_and_not_run():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Lambda(lambda x: x + 1, name="plus")])
    result = import_config(json.loads(model.to_json()))
    assert result.graph.layers[1].class_name == "Lambda"
    assert result.report[0].code == "placeholder"


def test_a_layer_that_keras_cannot_make_keeps_its_config_and_says_why():
    layers: list[JsonValue] = [*LAYERS, {"class_name": "Dense", "config": {"units": -1, "name": "z"}}]
    result = import_config({"class_name": "Sequential", "config": {"name": "m", "layers": layers}})
    assert result.graph.layers[-1].config == {"units": -1}
    assert [issue.code for issue in result.report] == ["layer_not_usable"]


def test_a_config_that_reads_a_file_is_not_made():
    layers: list[JsonValue] = [
        LAYERS[0],
        {"class_name": "StringLookup", "config": {"vocabulary": "/etc/passwd", "name": "words"}},
    ]
    result = import_config({"class_name": "Sequential", "config": {"name": "m", "layers": layers}})
    assert [issue.code for issue in result.report] == ["layer_not_usable"]
    assert "file of this machine" in result.report[0].message


def test_names_that_no_format_holds_are_changed_and_told():
    layers: list[JsonValue] = [
        LAYERS[0],
        {"class_name": "Dense", "config": {"units": 2, "name": "block/1 é"}},
        {"class_name": "Dense", "config": {"units": 2, "name": "block_1"}},
    ]
    result = import_config({"class_name": "Sequential", "config": {"name": "m", "layers": layers}})
    assert [layer.keras_name for layer in result.graph.layers] == ["x", "block_1", "block_1_2"]
    assert [issue.code for issue in result.report] == ["renamed", "renamed"]


def test_a_tensor_from_nowhere_is_told_and_left_unconnected():
    tensor: JsonValue = {"class_name": "__keras_tensor__", "config": {"keras_history": ["nobody", 0, 0]}}
    calls: JsonValue = [{"args": [tensor], "kwargs": {}}]
    dense: JsonValue = {"class_name": "Dense", "config": {"units": 1}, "name": "d", "inbound_nodes": calls}
    config: JsonValue = {
        "name": "m",
        "layers": [dense],
        "input_layers": [],
        "output_layers": [["d", 0, 0]],
    }
    result = import_config(config)
    assert [issue.code for issue in result.report] == ["missing_tensor"]
    assert result.graph.edges == []


def test_a_sequential_without_a_shape_says_so():
    result = import_config({"class_name": "Sequential", "config": {"name": "m", "layers": LAYERS[1:]}})
    assert [issue.code for issue in result.report] == ["no_input_shape"]
    assert GraphChecker().check(result.graph).issues[0].node == "input_layer"


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        ("Nothing", {}, "unknown_application"),
        ("VGG16", {"weights": "/etc/passwd"}, "invalid_argument"),
        ("VGG16", {"weights": {"a": 1}}, "invalid_argument"),
        ("VGG16", {"input_tensor": 1}, "invalid_argument"),
        ("VGG16", {"colour": 1}, "invalid_argument"),
        ("VGG16", {"input_shape": [1, 1, 3]}, "invalid_argument"),
    ],
)
def test_wrong_arguments_of_an_application_are_explained(name, arguments, code):
    with pytest.raises(EngineError) as caught:
        import_application(name, arguments)
    assert caught.value.code == code
