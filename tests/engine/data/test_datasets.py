"""Data sets by name: the bundled ones, those in Keras's cache, and what is said where there is none."""

import inspect
from pathlib import Path

import keras
import numpy as np
import pytest
from keras.src.backend import config as keras_config
from sklearn.datasets import load_wine

from engine.data import datasets
from engine.data.datasets import SOURCES, download_dataset, list_datasets, load_dataset, preview_dataset
from engine.data.source import Source
from engine.data.sources import additions, digit_scenes, digit_tasks, points, scikit_learn, series
from engine.errors import ConfigError, EngineError

SHARED = Path(__file__).parents[4] / "shared" / "data"
MODULES = (scikit_learn, digit_tasks, digit_scenes, additions, points, series)
BUNDLED = [source.name for module in MODULES for source in module.SOURCES]
KERAS_FILES = [
    "mnist.npz", "imdb.npz", "reuters.npz", "boston_housing.npz", "fashion-mnist",
]  # fmt: skip
CACHED = ["mnist", "fashion_mnist", "imdb", "reuters", "boston_housing", "imdb_pairs", "reuters_headlines"]


@pytest.fixture
def keras_cache(tmp_path, monkeypatch):
    """An empty cache folder that Keras uses instead of the user's own."""
    monkeypatch.setattr(keras_config, "_KERAS_DIR", str(tmp_path))
    datasets._read_dataset.cache_clear()
    (tmp_path / "datasets").mkdir()
    yield tmp_path / "datasets"
    datasets._read_dataset.cache_clear()


@pytest.fixture
def filled_cache(keras_cache):
    if not SHARED.is_dir():
        pytest.skip(f"the data files of keras.datasets are not in {SHARED}")
    for name in KERAS_FILES:
        (keras_cache / name).symlink_to(SHARED / name)
    return keras_cache


@pytest.mark.parametrize("name", BUNDLED)
def test_a_bundled_data_set_is_what_its_summary_says(name):
    summary = next(one for one in list_datasets() if one.name == name)
    dataset = load_dataset(name)
    assert (summary.available, summary.samples) == (True, dataset.samples)
    for spec in [*summary.inputs, *summary.targets]:
        array = {**dataset.inputs, **dataset.targets}[spec.name]
        assert (list(array.shape[1:]), str(array.dtype)) == (spec.shape, spec.dtype)
        assert spec.classes is None or set(np.unique(array)) <= set(range(spec.classes))


def test_digits_are_grey_images_from_zero_to_one():
    image = load_dataset("digits").inputs["image"]
    assert (image.shape, image.min(), image.max()) == ((1797, 8, 8, 1), 0.0, 1.0)


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "digits"])
def test_the_last_fifth_that_validation_split_takes_has_every_class(name):
    target = next(iter(load_dataset(name).targets.values()))
    assert set(np.unique(target[-len(target) // 5 :])) == set(np.unique(target))


def test_the_order_of_the_rows_is_the_same_every_time():
    first = load_dataset("iris").inputs["features"].copy()
    datasets._read_dataset.cache_clear()
    np.testing.assert_array_equal(first, load_dataset("iris").inputs["features"])


def test_rows_and_targets_stay_together_when_shuffled():
    original = load_wine()
    known = {row.astype("float32").tobytes(): label for row, label in zip(original.data, original.target, strict=True)}
    wine = load_dataset("wine")
    for row, label in zip(wine.inputs["features"], wine.targets["cultivar"], strict=True):
        assert known[row.tobytes()] == label


def test_a_loaded_array_cannot_be_changed_under_the_next_reader():
    with pytest.raises(ValueError, match="read-only"):
        load_dataset("iris").inputs["features"][0] = 0


def test_an_unknown_data_set_is_refused_with_what_there_is():
    with pytest.raises(EngineError) as caught:
        load_dataset("minst")
    assert caught.value.code == "unknown_dataset"
    assert "expected one of digits, iris" in caught.value.message
    assert caught.value.hint == "Did you mean 'mnist'?"


@pytest.mark.parametrize(
    ("name", "arguments", "path"),
    [
        ("digits", {"num_words": 5}, "data.arguments.num_words"),
        ("imdb", {"num_words": "many"}, "data.arguments.num_words"),
        ("imdb", {"num_words": True}, "data.arguments.num_words"),
        ("imdb", {"path": "/etc/passwd"}, "data.arguments.path"),
        ("imdb", {"maxlen": 0}, "data.arguments.maxlen"),
        ("boston_housing", {"test_split": 1}, "data.arguments.test_split"),
        ("cifar100", {"label_mode": "rough"}, "data.arguments.label_mode"),
    ],
)
def test_a_wrong_argument_is_refused_by_name(name, arguments, path):
    with pytest.raises(ConfigError) as caught:
        SOURCES[name].read(arguments)
    assert caught.value.code == "invalid_dataset_argument"
    assert [issue.argument for issue in caught.value.issues] == [path]


def test_a_data_set_that_is_not_cached_says_so_and_downloads_nothing(keras_cache):
    summary = next(one for one in list_datasets() if one.name == "mnist")
    assert not summary.available
    assert str(keras_cache / "mnist.npz") in (summary.reason or "")
    for call in (load_dataset, preview_dataset):
        with pytest.raises(EngineError) as caught:
            call("mnist")
        assert caught.value.code == "dataset_unavailable"
    assert list(keras_cache.iterdir()) == []


def test_a_damaged_file_in_the_cache_is_not_used(keras_cache):
    (keras_cache / "imdb.npz").write_bytes(b"not what it was")
    with pytest.raises(EngineError, match="its hash is another one") as caught:
        load_dataset("imdb")
    assert caught.value.code == "dataset_unavailable"
    assert (keras_cache / "imdb.npz").read_bytes() == b"not what it was"


def test_a_file_that_changes_is_looked_at_again(keras_cache):
    file = keras_cache / "reuters.npz"
    file.write_bytes(b"one")
    assert "hash" in (SOURCES["reuters"].summarize().reason or "")
    file.unlink()
    assert "not there yet" in (SOURCES["reuters"].summarize().reason or "")


def test_a_failed_download_says_what_keras_says(keras_cache, monkeypatch):
    def refuse(*_, **__):
        raise OSError("no route to host")

    monkeypatch.setattr("keras.src.utils.file_utils.urlretrieve", refuse)
    with pytest.raises(EngineError, match="no route to host") as caught:
        download_dataset("mnist")
    assert caught.value.code == "download_failed"


@pytest.mark.parametrize("name", CACHED)
def test_a_cached_data_set_is_what_its_summary_says(name, filled_cache):
    summary = next(one for one in list_datasets() if one.name == name)
    dataset = load_dataset(name, SOURCES[name].preview_arguments)
    assert (summary.available, summary.reason, summary.samples) == (True, None, dataset.samples)
    for spec in [*summary.inputs, *summary.targets]:
        array = {**dataset.inputs, **dataset.targets}[spec.name]
        assert str(array.dtype) == spec.dtype
        assert all(said in (None, real) for said, real in zip(spec.shape, array.shape[1:], strict=True))
        assert spec.classes is None or array.max() == spec.classes - 1


def test_mnist_is_exactly_what_keras_loads(filled_cache):
    (images, digits), _ = keras.datasets.mnist.load_data()
    dataset = load_dataset("mnist")
    np.testing.assert_array_equal(dataset.inputs["image"], images)
    np.testing.assert_array_equal(dataset.targets["digit"], digits)


def test_texts_are_cut_and_padded_to_maxlen_and_none_is_left_out(filled_cache):
    dataset = load_dataset("reuters", {"num_words": 1000, "maxlen": 50})
    tokens = dataset.inputs["tokens"]
    assert (tokens.shape, tokens.max()) == ((8982, 50), 999)
    longest = load_dataset("reuters", {"num_words": 1000}).inputs["tokens"]
    np.testing.assert_array_equal(tokens, longest[:, -50:])


def test_a_preview_shows_rows_statistics_and_classes():
    preview = preview_dataset("iris", rows=3)
    assert [list(row) for row in preview.rows] == [["features", "species"]] * 3
    assert preview.class_names == ["setosa", "versicolor", "virginica"]
    assert preview.class_counts == [50, 50, 50]
    features = load_dataset("iris").inputs["features"]
    measured = preview.statistics[0]
    assert (measured.array, measured.minimum, measured.maximum) == ("features", features.min(), features.max())
    assert measured.mean == pytest.approx(features.mean(dtype="float64"))
    assert measured.std == pytest.approx(features.std(dtype="float64"))


def test_a_preview_is_never_larger_than_a_page():
    assert len(preview_dataset("digits", rows=10**9).rows) == 100
    assert preview_dataset("diabetes", rows=-1).rows == []
    assert preview_dataset("diabetes").class_counts == []


@pytest.mark.parametrize("name", [one.name for one in list_datasets() if one.source == "keras.datasets"])
def test_arguments_defaults_and_hashes_are_those_of_keras(name):
    source, load_data = SOURCES[name], getattr(keras.datasets, name).load_data
    assert isinstance(source, Source)
    parameters = inspect.signature(load_data).parameters
    ours = {field: info.default for field, info in source.arguments.model_fields.items()}
    assert ours == {name: parameters[name].default for name in ours}
    code = inspect.getsource(load_data)
    assert "file_hash" not in code or all(file.sha256 in code for file in source.files)
