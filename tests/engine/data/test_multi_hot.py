"""Which words occur in the texts of `keras.datasets`: the first examples of the textbooks."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras.src.backend import config as keras_config

from engine.data import datasets
from engine.data.datasets import SOURCES, load_dataset, preview_dataset
from engine.data.loaders.multi_hot import mark_words
from engine.data.test_parts import load_test_part

SHARED = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Keras's cache folder with the texts in it."""
    if not SHARED.is_dir():
        pytest.skip(f"the data files of keras.datasets are not in {SHARED}")
    (tmp_path / "datasets").mkdir()
    for name in ("imdb.npz", "reuters.npz"):
        (tmp_path / "datasets" / name).symlink_to(SHARED / name)
    monkeypatch.setattr(keras_config, "_KERAS_DIR", str(tmp_path))
    datasets._read_dataset.cache_clear()
    yield
    datasets._read_dataset.cache_clear()


def test_a_row_marks_the_words_of_its_text_and_no_others():
    texts = np.array([[1, 3, 3], [], [4]], dtype=object)

    marks = mark_words(texts, 5)

    np.testing.assert_array_equal(marks, [[0, 1, 0, 1, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 1]])


@pytest.mark.usefixtures("cache")
def test_the_texts_are_those_of_keras_in_both_parts():
    (texts, topics), (test_texts, test_topics) = keras.datasets.reuters.load_data(num_words=300)
    training = load_dataset("reuters_multi_hot", {"num_words": 300})
    test = load_test_part(training, {"num_words": 300})

    assert test is not None
    for part, known, labels in ((training, texts, topics), (test, test_texts, test_topics)):
        np.testing.assert_array_equal(part.targets["topic"], labels)
        assert part.inputs["words"].shape == (len(known), 300)
        for marks, text in zip(part.inputs["words"][:50], known, strict=False):
            assert set(np.flatnonzero(marks)) == set(text)


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("name", ["imdb_multi_hot", "reuters_multi_hot"])
def test_the_data_is_what_its_summary_says(name: str):
    summary = SOURCES[name].summarize()
    preview = preview_dataset(name, rows=2)

    assert (summary.available, summary.has_test_part, summary.samples) == (True, True, preview.samples)
    assert [len(row["words"]) for row in preview.rows if isinstance(row["words"], list)] == [500, 500]
    assert len(preview.class_counts) == summary.targets[0].classes
