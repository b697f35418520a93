"""Arrays become a data set that a model is trained on like any other."""

from datetime import UTC
from pathlib import Path

import keras
import numpy as np
import pytest

from engine.data.datasets import load_dataset, preview_dataset
from engine.data.library.library import use_library
from engine.data.library.make import Naming, inspect, make
from engine.data.library.manifest import StoredFile
from engine.data.library.store import LibraryStore
from engine.data.test_parts import load_test_part
from engine.errors import IssuesError
from tests.engine.data.library.array_files import X, Y, give, write_hdf5, write_npz

NAMING = Naming("mine", "Mine", "", [StoredFile(name="a", sha256="0" * 64, size=4)])


@pytest.fixture
def store(tmp_path: Path):
    made = LibraryStore(tmp_path / "data")
    use_library(made.sets)
    yield made
    use_library(None)


def make_set(store: LibraryStore, *paths: Path):
    files = give(*paths)
    folder = store.begin() / "set"
    folder.mkdir()
    manifest = make(files, inspect(files).definition, folder, NAMING, lambda _: None)
    store.publish(folder, "mine")
    return manifest


def test_a_model_learns_from_hdf5_of_ones_own(tmp_path: Path, store: LibraryStore):
    photos = np.zeros((40, 4, 4, 3), "uint8")
    labels = np.arange(40) % 2
    photos[labels == 1] = 1
    path = write_hdf5(
        tmp_path / "a.h5", train_set_x=photos, train_set_y=labels, test_set_x=photos[:6], test_set_y=labels[:6],
        list_classes=np.array([b"dark", b"light"]),
    )  # fmt: skip
    manifest = make_set(store, path)
    assert manifest.created_at.tzinfo == UTC
    dataset = load_dataset("mine")
    assert dataset.class_names == ("dark", "light")
    test = load_test_part(dataset, {})
    assert test is not None
    assert test.samples == 6
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.Flatten(), keras.layers.Dense(2, "softmax")])
    model.compile(keras.optimizers.Adam(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(dataset.inputs["x"], dataset.targets["y"], epochs=20, verbose=0)
    assert model.evaluate(test.inputs["x"], test.targets["y"], verbose=0)[1] == 1


def test_a_preview_shows_what_was_prepared(tmp_path: Path, store: LibraryStore):
    make_set(store, write_npz(tmp_path / "a.npz", x=X, y=Y))
    preview = preview_dataset("mine", 2)
    assert preview.rows == [{"x": X[0].tolist(), "y": 0}, {"x": X[1].tolist(), "y": 1}]
    assert preview.class_counts == [5, 5, 5, 5]


def test_nothing_is_left_of_arrays_that_lack_values(tmp_path: Path, store: LibraryStore):
    path = write_npz(tmp_path / "a.npz", x=np.where(X == 4, np.nan, X), y=Y)
    with pytest.raises(IssuesError) as caught:
        make_set(store, path)
    assert caught.value.issues[0].argument == "x"
    with pytest.raises(Exception, match="no data set"):
        load_dataset("mine")
