"""A check after an edit of the drawing does not do again what depends on the data alone."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.data import kept_arrays
from engine.data.library.library import find_folder, use_library
from engine.data.loaders import own_arrays
from engine.data.remembering import ArrayMemory
from engine.models.check import GraphChecker
from engine.training import class_weights, fitting_split, run_data, targets
from engine.training.compiling import check_compile
from engine.training.config import RunConfig
from tests.engine.training.adapting import reviews
from tests.engine.training.divided_data import INPUTS, NAME, TARGETS, install

BINARY = {"loss": "binary_crossentropy"}


@pytest.fixture
def counts(monkeypatch) -> Counter[str]:
    """How often each part of the work on data was done."""
    counted: Counter[str] = Counter()

    def count(module: object, name: str) -> None:
        function = getattr(module, name)

        def counting(*args, **kwargs):
            counted[name] += 1
            return function(*args, **kwargs)

        monkeypatch.setattr(module, name, counting)

    count(run_data, "make_splits")
    count(run_data, "read_stored_split")
    count(own_arrays, "read_texts")
    count(targets, "_describe")
    count(fitting_split, "_find_faults")
    count(class_weights, "_weigh")
    return counted


@pytest.fixture
def library(tmp_path) -> Iterator[Path]:
    yield tmp_path
    use_library(None)


def locate() -> Path:
    folder = find_folder(reviews.NAME)
    assert folder is not None
    return folder


@pytest.fixture(scope="module")
def checker():
    return GraphChecker()


@pytest.fixture
def configure(make_config, monkeypatch) -> Callable[..., RunConfig]:
    install(monkeypatch)

    def configure(**split) -> RunConfig:
        fit = {"epochs": 1, "batch_size": 16, "class_weight": "balanced"}
        config: RunConfig = make_config(
            fit=fit, data={"dataset": NAME, "inputs": INPUTS, "targets": TARGETS, "split": split}
        )
        return config

    return configure


def test_edits_of_the_drawing_divide_and_count_the_samples_once(checker, make_graph, configure, counts):
    config = configure(kind="stratified", test=0.1)
    results = [check_compile(checker, make_graph((4,), 3, activation), config) for activation in ("softmax", None)]
    results.append(check_compile(checker, make_graph((4,), 5), config))
    assert [(one.samples, one.validation_samples) for one in results] == [(63, 18)] * 3
    assert counts == {"make_splits": 1, "_describe": 1, "_find_faults": 1, "_weigh": 1}


def test_other_settings_of_a_split_divide_anew(checker, make_graph, configure, counts):
    graph = make_graph((4,), 3)
    check_compile(checker, graph, configure(kind="stratified", validation=0.2))
    assert check_compile(checker, graph, configure(kind="stratified", validation=0.4)).validation_samples == 36
    assert counts["make_splits"] == 2


def test_what_was_remembered_of_data_is_not_said_of_other_data(checker, make_graph, configure, counts, monkeypatch):
    graph, config = make_graph((4,), 3), configure(kind="stratified")
    check_compile(checker, graph, config)
    install(monkeypatch)
    assert check_compile(checker, graph, config).ok
    assert (counts["make_splits"], counts["_describe"]) == (2, 2)


def test_edits_of_the_drawing_read_own_texts_once(checker, library, make_config, counts):
    reviews.make_reviews(library)
    config = make_config(compile=BINARY, fit={"epochs": 1, "batch_size": 8}, data={"dataset": reviews.NAME})
    counts.clear()
    for words in ("int", "multi_hot"):
        result = check_compile(checker, reviews.draw_reviews(words=words), config)
        assert result.samples == len(reviews.list_rows()), result.issues
    assert counts["read_texts"] == 2, "one for each of the two arrays of texts"


def test_own_data_that_was_made_anew_is_read_anew(checker, library, make_config, counts):
    reviews.make_reviews(library)
    config = make_config(compile=BINARY, fit={"epochs": 1, "batch_size": 8}, data={"dataset": reviews.NAME})
    check_compile(checker, reviews.draw_reviews(), config)
    shutil.rmtree(locate())
    reviews.make_reviews(library)
    counts.clear()
    check_compile(checker, reviews.draw_reviews(), config)
    assert counts["read_texts"] == 2


def test_own_data_that_was_deleted_is_let_go_of_with_the_next_that_is_read(checker, library, make_config):
    reviews.make_reviews(library)
    config = make_config(compile=BINARY, fit={"epochs": 1, "batch_size": 8}, data={"dataset": reviews.NAME})
    check_compile(checker, reviews.draw_reviews(), config)
    folder = locate()
    shutil.rmtree(folder)
    kept_arrays.keep_own("another", "training", lambda: None)
    assert not [key for key in kept_arrays._kept if key[0][0] == str(folder)]


def test_texts_that_take_too_much_memory_are_not_kept(checker, library, make_config, counts, monkeypatch):
    monkeypatch.setattr(kept_arrays, "STRING_BYTES", 1 << 30)
    reviews.make_reviews(library)
    config = make_config(compile=BINARY, fit={"epochs": 1, "batch_size": 8}, data={"dataset": reviews.NAME})
    counts.clear()
    for words in ("int", "multi_hot"):
        assert check_compile(checker, reviews.draw_reviews(words=words), config).samples
    assert counts["read_texts"] >= 4


def test_arrays_that_may_be_written_to_are_looked_at_each_time():
    memory, array = ArrayMemory[int](), np.arange(3)
    assert memory.recall([array], None, lambda: int(array.sum())) == 3
    array[0] = 7
    assert memory.recall([array], None, lambda: int(array.sum())) == 10


def test_an_answer_goes_with_its_array_and_one_that_is_too_large_is_not_kept():
    memory = ArrayMemory[bytes](10, len)
    array = np.arange(3)
    array.setflags(write=False)
    assert memory.recall([array], "small", lambda: b"1234") == b"1234"
    assert memory.recall([array], "small", lambda: b"other") == b"1234"
    assert memory.recall([array], "large", lambda: b"1" * 20) == b"1" * 20
    assert memory.recall([array], "large", lambda: b"again") == b"again"
    del array
    assert not memory._known
