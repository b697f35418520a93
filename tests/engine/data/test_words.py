"""Word numbers as words, with the real word indexes of Keras where they are on this machine."""

import keras
import numpy as np
import pytest
from keras.src.backend import config as keras_config

from engine.data import datasets
from engine.data.datasets import download_dataset, preview_dataset
from engine.data.words import Words
from engine.errors import EngineError
from tests.engine.data.test_datasets import SHARED

FILES = ["imdb.npz", "reuters.npz", "imdb_word_index.json", "reuters_word_index.json"]


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Keras's cache folder with both data sets and both word indexes; a test may take one away."""
    if not SHARED.is_dir():
        pytest.skip(f"the data files of keras.datasets are not in {SHARED}")
    monkeypatch.setattr(keras_config, "_KERAS_DIR", str(tmp_path))
    datasets._read_dataset.cache_clear()
    folder = tmp_path / "datasets"
    folder.mkdir()
    for name in FILES:
        (folder / name).symlink_to(SHARED / name)
    yield folder
    datasets._read_dataset.cache_clear()


def test_a_review_reads_as_the_docstring_of_keras_decodes_it(cache):
    preview = preview_dataset("imdb", 1, {"maxlen": 300})
    whole = keras.datasets.imdb.load_data()[0][0][0]
    inverted = {number + 3: word for word, number in keras.datasets.imdb.get_word_index().items()}
    inverted |= {1: "[START]", 2: "[OOV]"}
    assert preview.texts["tokens"] == [" ".join(inverted[one] for one in whole)]
    assert preview.texts["tokens"][0].startswith("[START] this film was just brilliant")
    assert preview.words_missing is None


def test_rare_words_are_unknown_ones(cache):
    text = preview_dataset("imdb", 1, {"maxlen": 300, "num_words": 100}).texts["tokens"][0]
    assert text.startswith("[START] this film was just [OOV]")


def test_the_arguments_say_what_the_numbers_mean(cache):
    usual = preview_dataset("reuters", 1, {"maxlen": 20}).texts["tokens"][0].split()
    settings = {"maxlen": 20, "index_from": 10, "start_char": None, "oov_char": 7}
    assert preview_dataset("reuters", 1, settings).texts["tokens"][0].split()[-19:] == usual[-19:]


def test_every_text_of_a_pair_has_its_words(cache):
    texts = preview_dataset("imdb_pairs", 2).texts
    assert {name: len(rows) for name, rows in texts.items()} == {"first": 2, "second": 2}
    assert all(len(text.split()) > 10 for rows in texts.values() for text in rows)


def test_without_the_file_there_are_numbers_and_the_reason(cache):
    (cache / "imdb_word_index.json").unlink()
    preview = preview_dataset("imdb", 1)
    assert preview.texts == {}
    assert preview.words_missing is not None
    assert str(cache / "imdb_word_index.json") in preview.words_missing
    assert not (cache / "imdb_word_index.json").exists()


def test_another_file_of_that_name_is_not_believed(cache):
    (cache / "imdb_word_index.json").unlink()
    (cache / "imdb_word_index.json").write_text('{"the": 1}')
    assert "hash" in (preview_dataset("imdb", 1).words_missing or "")


def test_whoever_asks_for_the_data_set_gets_its_words_too(cache, monkeypatch):
    (cache / "reuters_word_index.json").unlink()
    fetched = []

    def fetch(fname, origin, **arguments):
        if not (cache / fname).exists():
            fetched.append(origin)
            (cache / fname).symlink_to(SHARED / fname)
        return str(cache / fname)

    monkeypatch.setattr(keras.src.datasets.reuters, "get_file", fetch)
    assert download_dataset("reuters").available
    assert [address.rsplit("/", 1)[1] for address in fetched] == ["reuters_word_index.json"]
    assert preview_dataset("reuters", 1).words_missing is None


def test_words_that_cannot_be_fetched_leave_the_data_set_as_it_is(cache, monkeypatch):
    (cache / "imdb_word_index.json").unlink()

    def fail(*args, **arguments):
        raise OSError("no network")

    monkeypatch.setattr(keras.src.datasets.imdb, "get_file", fail)
    with pytest.raises(EngineError, match="The words of the data set 'imdb' could not be downloaded: no network"):
        download_dataset("imdb")
    monkeypatch.undo()


def test_a_number_without_a_word_is_marked():
    assert Words(("tokens",), {4: "the"}).write(np.array([0, 0, 4, 3])) == "the [?]"
