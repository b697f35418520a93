"""npy, npz and HDF5 files become arrays on disk: what is proposed, and what comes out."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from engine.data.library.array_folder import ArrayFolder
from engine.data.library.arrays.kind import KIND
from engine.data.library.manifest import ArrayPlan, Definition
from tests.engine.data.library.array_files import (
    X,
    Y,
    define,
    find_warnings,
    give,
    inspect,
    prepare,
    write_hdf5,
    write_npz,
)

SHARED = Path(__file__).parents[5] / "shared" / "data"


def use_shared(*names: str) -> list[Path]:
    paths = [SHARED / name for name in names]
    if not all(path.is_file() for path in paths):
        pytest.skip(f"{', '.join(names)} are not in {SHARED}")
    return paths


def test_an_npz_becomes_inputs_and_labels(tmp_path: Path):
    prepared, found = prepare(tmp_path / "set", write_npz(tmp_path / "a.npz", x=X, y=Y))
    np.testing.assert_array_equal(found["x"], X)
    np.testing.assert_array_equal(found["y"], Y)
    assert (prepared.task, prepared.samples, prepared.test_samples) == ("classification", 20, 0)
    assert prepared.targets[0].class_names == ["0", "1", "2", "3"]
    assert prepared.fields[1].class_counts == [5, 5, 5, 5]


def test_npy_files_become_a_data_set_together(tmp_path: Path):
    for name, array in {"features": X, "labels": Y, "labels_test": Y[:3], "features_train": X}.items():
        np.save(tmp_path / f"{name}.npy", array)
    _, found = prepare(tmp_path / "set", tmp_path / "features.npy", tmp_path / "labels.npy")
    np.testing.assert_array_equal(found["features"], X)
    np.testing.assert_array_equal(found["labels"], Y)


def test_hdf5_is_browsed_to_its_leaves(tmp_path: Path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["deep/er/x"] = X
        file["deep/y"] = Y
        file["note"] = 3.0
    found = inspect(tmp_path / "a.h5")
    assert [(one.name, one.shape, one.dtype) for one in found.fields] == [
        ("deep/y", [], "int64"),
        ("deep/er/x", [3], "float32"),
    ]
    assert found.definition.inputs == [ArrayPlan(name="x", fields=["deep/er/x"])]
    assert found.definition.targets == [ArrayPlan(name="y", fields=["deep/y"])]
    assert "single value" in find_warnings(found, "unusable_array")[0]
    _, arrays = prepare(tmp_path / "set", tmp_path / "a.h5")
    np.testing.assert_array_equal(arrays["x"], X)


def test_two_files_with_the_same_names_are_told_apart_and_matched(tmp_path: Path):
    first = write_npz(tmp_path / "train.npz", x=X, y=Y)
    second = write_npz(tmp_path / "test.npz", x=X[:4] + 100, y=Y[:4])
    found = inspect(first, second)
    assert found.definition.options["test"] == {"train.npz:x": "test.npz:x", "train.npz:y": "test.npz:y"}
    prepared, arrays = prepare(tmp_path / "set", first, second)
    assert (prepared.samples, prepared.test_samples) == (20, 4)
    np.testing.assert_array_equal(arrays["test/x"], X[:4] + 100)


def test_what_is_for_the_test_is_known_by_its_name(tmp_path: Path):
    path = write_npz(tmp_path / "a.npz", x_train=X, y_train=Y, x_test=X[:5], y_test=Y[:5])
    found = inspect(path)
    assert found.definition.options["test"] == {"x_train": "x_test", "y_train": "y_test"}
    assert (found.definition.array_names, found.samples) == (["x", "y"], 20)
    prepared, arrays = prepare(tmp_path / "set", path)
    np.testing.assert_array_equal(arrays["test/y"], Y[:5])
    assert prepared.test_samples == 5


def test_a_form_offers_arrays_where_an_option_names_them(tmp_path: Path):
    path = write_npz(tmp_path / "a.npz", a=X, b=Y, c=X[:5], d=Y[:5])
    found = inspect(path, definition=define("a", "b", test={"a": "c"}))
    offered = json.dumps(found.choices["properties"])
    assert '"test": {"additionalProperties": {"format": "field"' in offered
    assert '"class_names": {"anyOf": [{"format": "field"' in offered
    # Said of one array only, it is told what is lacking, and everything else is shown as ever.
    assert [(one.code, one.argument) for one in found.issues] == [("no_test_array", "b")]
    assert len(found.fields) == 4


def test_a_test_part_can_be_left_out(tmp_path: Path):
    path = write_npz(tmp_path / "a.npz", x_train=X, y_train=Y, x_test=X[:5], y_test=Y[:5])
    prepared, _ = prepare(tmp_path / "set", path, definition=define("x_train", "y_train", test={}))
    assert prepared.test_samples == 0


@pytest.mark.parametrize(
    ("array", "dtype"),
    [
        (np.zeros((20, 8, 8, 3), "uint8"), "uint8"),
        (np.zeros((20, 2), bool), "uint8"),
        (np.zeros((20, 2), "int64"), "int32"),
        (np.full((20, 2), 2**40), "float32"),
        (np.zeros((20, 2), "uint16"), "int32"),
        (np.zeros((20, 2), "float64"), "float32"),
        (np.zeros((20, 2), "float16"), "float32"),
        (np.zeros((20, 2), ">f4"), "float32"),
        (np.zeros((20, 2), np.longdouble), "float32"),
    ],
)
def test_each_type_becomes_one_that_models_take(tmp_path: Path, array: np.ndarray, dtype: str):
    prepared, found = prepare(tmp_path / "set", write_npz(tmp_path / "a.npz", x=array, y=Y))
    assert prepared.inputs[0].dtype == dtype
    np.testing.assert_array_equal(found["x"], array.astype(dtype))


def test_what_a_type_loses_is_noted(tmp_path: Path):
    path = write_npz(tmp_path / "a.npz", x=np.full((20, 2), 2**40), z=X.astype("float64"), y=Y)
    prepared, _ = prepare(tmp_path / "set", path)
    assert {one.code for one in prepared.notes} == {"large_integers", "smaller_type"}


@pytest.mark.parametrize(
    ("labels", "names", "task"),
    [
        (np.array([3, 7] * 10), ["3", "7"], "binary_classification"),
        (np.array([-1, 1] * 10).reshape(20, 1), ["-1", "1"], "binary_classification"),
        (np.array([0.0, 1.0] * 10), ["0", "1"], "binary_classification"),
        (np.array([True, False] * 10), ["0", "1"], "binary_classification"),
        (np.array([b"cat", b"dog", b"cow", b"dog"] * 5), ["cat", "cow", "dog"], "classification"),
        (np.array(["猫", "dog", "كلب", "dog"] * 5), ["dog", "كلب", "猫"], "classification"),
        (np.array(["\ud800", "ok"] * 10), ["?", "ok"], "binary_classification"),
    ],
)
def test_labels_of_every_kind_become_numbers_from_0(tmp_path: Path, labels: np.ndarray, names: list[str], task: str):
    prepared, found = prepare(tmp_path / "set", write_npz(tmp_path / "a.npz", x=X, y=labels))
    assert (prepared.task, prepared.targets[0].class_names, prepared.targets[0].shape) == (task, names, [])
    plain = [one.decode() if isinstance(one, bytes) else str(one) for one in labels.ravel().tolist()]
    if names[0] not in ("0", "?"):
        assert [names[number] for number in found["y"]] == plain
    assert prepared.fields[1].kind == "category"
    assert sum(prepared.fields[1].class_counts) == 20


def test_texts_of_any_length_in_hdf5_are_labels(tmp_path: Path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["x"] = np.zeros((300, 2))
        file.create_dataset("label", data=["Straße", "путь", "way"] * 100, dtype=h5py.string_dtype())
    prepared, found = prepare(tmp_path / "set", tmp_path / "a.h5")
    assert prepared.targets[0].class_names == ["Straße", "way", "путь"]
    assert found["label"][:4].tolist() == [0, 2, 1, 0]


def test_measures_are_a_regression(tmp_path: Path):
    prices = np.linspace(5, 50, 20).reshape(20, 1)
    prepared, found = prepare(tmp_path / "set", write_npz(tmp_path / "a.npz", x=X, y=prices))
    assert (prepared.task, prepared.targets[0].classes, prepared.targets[0].dtype) == ("regression", None, "float32")
    np.testing.assert_array_equal(found["y"], prices[:, 0].astype("float32"))


def test_a_person_says_what_is_a_class_and_what_is_a_number(tmp_path: Path):
    path = write_npz(tmp_path / "a.npz", x=X, y=Y)
    prepared, _ = prepare(tmp_path / "set", path, definition=define(read_as={"y": "number"}))
    assert (prepared.task, prepared.targets[0].dtype) == ("regression", "float32")


def test_the_names_of_the_classes_are_found_beside_them(tmp_path: Path):
    path = write_hdf5(
        tmp_path / "a.h5", train_x=X, train_y=Y % 2, list_classes=np.array([b"non-cat", b"cat", b"unicorn"])
    )
    found = inspect(path)
    assert found.definition.options["class_names"] == "list_classes"
    prepared, _ = prepare(tmp_path / "set", path)
    assert prepared.targets[0].class_names == ["non-cat", "cat", "unicorn"]
    assert [one.code for one in prepared.notes] == ["unseen_class"]


def test_arrays_stand_side_by_side(tmp_path: Path):
    path = write_npz(tmp_path / "a.npz", age=np.arange(20), sizes=X, y=Y)
    plan = Definition(
        kind="arrays",
        inputs=[ArrayPlan(name="both", fields=["sizes", "age"])],
        targets=[ArrayPlan(name="y", fields=["y"])],
    )
    _, found = prepare(tmp_path / "set", path, definition=plan)
    np.testing.assert_array_equal(found["both"], np.column_stack([X, np.arange(20)]))


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("bytes_at_once", [1, 200, 2**20])
def test_fortrans_order_is_read_as_it_is_meant(tmp_path: Path, save, bytes_at_once: int, monkeypatch):
    monkeypatch.setattr("engine.data.library.arrays.npy_files.COLUMNS_BYTES", bytes_at_once)
    monkeypatch.setattr("engine.data.library.arrays.plan.MAX_PIECE_ROWS", 3)
    strewn = np.asfortranarray(np.random.default_rng(0).normal(size=(10, 2, 3, 4)).astype("float32"))
    save(tmp_path / "a.npz", x=strewn, y=Y[:10])
    np.save(tmp_path / "z.npy", strewn)
    _, found = prepare(tmp_path / "set", tmp_path / "a.npz", tmp_path / "z.npy")
    np.testing.assert_array_equal(found["x"], strewn)
    np.testing.assert_array_equal(found["z"], strewn)


def test_packed_hdf5_is_read_in_blocks_of_its_own(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("engine.data.library.arrays.plan.MAX_PIECE_ROWS", 7)
    many = np.random.default_rng(0).normal(size=(100, 5)).astype("float32")
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("x", data=many, chunks=(9, 2), compression="gzip", shuffle=True)
        file.create_dataset("y", data=np.arange(100) % 3, chunks=(64,), compression="lzf")
    _, found = prepare(tmp_path / "set", tmp_path / "a.h5")
    np.testing.assert_array_equal(found["x"], many)
    np.testing.assert_array_equal(found["y"], np.arange(100) % 3)


def test_statistics_are_those_of_all_samples(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("engine.data.library.arrays.plan.MAX_PIECE_ROWS", 3)
    values = np.random.default_rng(1).normal(1e6, 3, 50)
    prepared, _ = prepare(tmp_path / "set", write_npz(tmp_path / "a.npz", x=values, y=np.arange(50) % 2))
    x, y = prepared.fields
    assert (x.minimum, x.maximum) == (values.min(), values.max())
    assert [x.mean, x.std] == pytest.approx([values.mean(), values.std()])
    assert x.histogram is not None
    assert y.histogram is not None
    assert sum(x.histogram.counts) == 50
    assert y.histogram.counts == [25, 25]


def test_the_bytes_of_pictures_are_counted(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("engine.data.library.arrays.plan.MAX_PIECE_ROWS", 3)
    photos = np.random.default_rng(1).integers(3, 240, (20, 4, 4, 3), "uint8")
    prepared, _ = prepare(tmp_path / "set", write_npz(tmp_path / "a.npz", x=photos, y=Y))
    x = prepared.fields[0]
    assert (x.kind, x.minimum, x.maximum) == ("image", photos.min(), photos.max())
    assert [x.mean, x.std] == pytest.approx([photos.mean(), photos.std()])
    assert x.histogram is not None
    np.testing.assert_array_equal(x.histogram.counts, np.histogram(photos, x.histogram.edges)[0])


def test_a_look_shows_the_first_samples(tmp_path: Path):
    found = inspect(
        write_npz(tmp_path / "a.npz", x=np.array([[1.5, np.nan]] * 20), y=Y, photo=np.zeros((20, 99, 99, 3)))
    )
    assert found.rows[1] == {"x": [1.5, None], "y": 1, "photo": "float64 (99, 99, 3)"}
    assert next(one for one in found.fields if one.name == "x").missing == 20


def test_missing_samples_are_left_out_where_that_is_asked_for(tmp_path: Path):
    gaps = X.copy()
    gaps[3, 1], gaps[7, 0] = np.nan, np.inf
    path = write_npz(tmp_path / "a.npz", x=gaps, y=Y)
    prepared, found = prepare(tmp_path / "set", path, definition=define(missing="drop"))
    assert prepared.samples == 18
    np.testing.assert_array_equal(found["input_0"], np.delete(X, [3, 7], axis=0))
    np.testing.assert_array_equal(found["target_0"], np.delete(Y, [3, 7]))
    assert "2 of 20" in prepared.notes[0].message


def test_missing_values_are_kept_where_that_is_asked_for(tmp_path: Path):
    gaps = np.where(X == 4, np.nan, X)
    path = write_npz(tmp_path / "a.npz", x=gaps, y=Y)
    prepared, found = prepare(tmp_path / "set", path, definition=define(missing="keep"))
    np.testing.assert_array_equal(found["input_0"], gaps)
    assert prepared.notes[0].code == "missing_values"


def test_a_class_that_only_the_test_has_is_told(tmp_path: Path):
    path = write_npz(tmp_path / "a.npz", x_train=X, y_train=Y, x_test=X[:2], y_test=np.array([0, 9]))
    prepared, found = prepare(tmp_path / "set", path)
    assert prepared.targets[0].class_names == ["0", "1", "2", "3", "9"]
    assert found["test/y"].tolist() == [0, 4]
    assert "only in the test part): 9." in prepared.notes[0].message


def test_a_preparation_that_is_not_wanted_any_more_ends(tmp_path: Path):
    class NotWantedError(Exception):
        pass

    def stop(share: float) -> None:
        raise NotWantedError

    files = give(write_npz(tmp_path / "a.npz", x=X, y=Y))
    with pytest.raises(NotWantedError):
        KIND.prepare(files, define(), ArrayFolder(tmp_path / "set", define().array_names), stop)


DTYPES = st.sampled_from(["uint8", "int32", "float32", "int16", "bool", "float16"])
SHAPES = st.lists(st.integers(1, 4), min_size=1, max_size=3)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), samples=st.integers(1, 30), packed=st.booleans(), order=st.sampled_from("CF"))
def test_whatever_is_saved_comes_back(tmp_path_factory, data, samples, packed, order):
    folder = tmp_path_factory.mktemp("whatever")
    row = tuple(data.draw(SHAPES))
    dtype = np.dtype(data.draw(DTYPES))
    finite = arrays.from_dtype(dtype, allow_nan=False, allow_infinity=False)
    x = data.draw(arrays.arrays(dtype, (samples, *row), elements=finite))
    y = data.draw(arrays.arrays("int64", samples, elements=st.integers(-3, 3)))
    (np.savez_compressed if packed else np.savez)(folder / "a.npz", x=np.asarray(x, order=order), y=y)
    prepared, found = prepare(folder / "set", folder / "a.npz", definition=define(read_as={"y": "category"}))
    np.testing.assert_array_equal(found["input_0"], x)
    names = prepared.targets[0].class_names
    assert [int(names[label]) for label in found["target_0"]] == y.tolist()


def test_the_signs_are_picked_from_two_files(tmp_path: Path):
    paths = use_shared("signs/train_signs.h5", "signs/test_signs.h5")
    prepared, found = prepare(tmp_path, *paths)
    assert (prepared.task, prepared.samples, prepared.test_samples) == ("classification", 1080, 120)
    assert (prepared.inputs[0].shape, prepared.inputs[0].dtype) == ([64, 64, 3], "uint8")
    assert prepared.targets[0].classes == 6
    with h5py.File(paths[1]) as file:
        np.testing.assert_array_equal(found["test/x"], file["test_set_x"][:])
        np.testing.assert_array_equal(found["test/y"], file["test_set_y"][:])


def test_the_cats_have_their_names(tmp_path: Path):
    paths = use_shared("catvnoncat/train_catvnoncat.h5", "catvnoncat/test_catvnoncat.h5")
    prepared, _ = prepare(tmp_path, *paths)
    assert (prepared.task, prepared.targets[0].class_names) == ("binary_classification", ["non-cat", "cat"])


def test_the_digits_are_recognised():
    found = inspect(*use_shared("mnist.npz"))
    assert found.definition.array_names == ["x", "y"]
    assert (found.samples, found.issues) == (60_000, [])


def test_the_reviews_are_refused_for_their_pickles():
    found = inspect(*use_shared("imdb.npz"))
    assert "Python objects" in find_warnings(found, "unusable_array")[0]
    assert [one.code for one in found.issues if one.severity == "error"] == ["no_arrays"]
