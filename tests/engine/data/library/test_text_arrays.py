"""Arrays of texts on disk: what is written comes back, all of it or a piece, and too much is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.library import text_arrays
from engine.data.library.array_folder import TRAINING, ArrayFolder
from engine.data.library.measure import measure_texts
from engine.data.loaders.own_arrays import load_own_arrays
from engine.errors import IssuesError

PIECES = st.lists(st.lists(st.text(max_size=90), max_size=5), max_size=6)


def write(folder, *pieces):
    """Texts as the second array of a data set, after one of numbers."""
    arrays = ArrayFolder(folder, ["numbers", "words"])
    with arrays.grow("numbers", (), "int32") as numbers, arrays.grow_texts("words") as texts:
        for piece in pieces:
            texts.append(piece)
            numbers.append(np.arange(len(piece), dtype="int32"))
    return arrays


@given(pieces=PIECES)
def test_texts_in_any_script_come_back_as_they_were(tmp_path_factory, pieces):
    folder = tmp_path_factory.mktemp("set")
    arrays = write(folder, *pieces)
    everything = [text for piece in pieces for text in piece]
    loaded = load_own_arrays(str(folder / TRAINING), ["numbers", "words"])
    assert loaded["words"].dtype == object
    assert loaded["words"].shape == (len(everything),) == loaded["numbers"].shape
    assert loaded["words"].tolist() == everything
    mapped = arrays.map_texts()["words"]
    middle = len(everything) // 2
    assert mapped.read(middle, middle + 3).tolist() == everything[middle : middle + 3]
    assert list(arrays.map()) == ["numbers"]


def test_a_text_that_is_there_often_is_held_once(tmp_path):
    write(tmp_path, ["red", "blue", "red"])
    words = load_own_arrays(str(tmp_path / TRAINING), ["numbers", "words"])["words"]
    assert words[0] is words[2]


def test_a_lone_surrogate_becomes_a_question_mark(tmp_path):
    assert write(tmp_path, ["a\ud800b"]).map_texts()["words"].read(0, 1).tolist() == ["a?b"]


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ("MAX_TEXTS", r"The array 'words' has 4 texts or more; expected at most 3\."),
        ("MAX_TEXT_BYTES", r"The array 'words' has 8 bytes of text \(UTF-8\) or more; expected at most 3\."),
    ],
)
def test_more_text_than_memory_has_room_for_is_refused_with_numbers(tmp_path, monkeypatch, limit, message):
    monkeypatch.setattr(text_arrays, limit, 3)
    with pytest.raises(IssuesError, match=message) as caught:
        write(tmp_path, ["ä", "b", "cd", "eää"[:2]])
    assert caught.value.issues[0].code == "too_much_text"


def test_lengths_and_the_most_frequent_texts_are_told(tmp_path):
    texts = ["no", "yes", "no", "", "x" * 500]
    found = measure_texts("words", write(tmp_path, texts).map_texts()["words"], lambda _: None)
    assert (found.shortest, found.longest, found.empty, found.unique) == (0, 500, 1, 4)
    assert found.mean_length == sum(map(len, texts)) / 5
    assert [(one.text, one.count) for one in found.most_frequent] == [("no", 2)]


def test_more_different_texts_than_are_counted_are_not_told(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.data.library.text_counts.MAX_DIFFERENT", 10)
    mapped = write(tmp_path, [str(number) for number in range(30)]).map_texts()["words"]
    found = measure_texts("words", mapped, lambda _: None)
    assert found.unique is None
    assert found.most_frequent == []
    assert found.longest == 2
