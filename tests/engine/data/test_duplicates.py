"""Copies among samples: counted exactly, shown with their places, in bounded memory."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.duplicate_examples import MAX_EXAMPLES, MAX_PLACES, Part
from engine.data.duplicate_results import SamplePlace
from engine.data.duplicates import Side, digest_part, find_copies, find_leak
from engine.data.sample_digests import digest_samples
from engine.data.source import Array


def nobody(_: int) -> None:
    """Hears of progress and makes nothing of it."""


def make_part(x: object, y: Sequence[object] | Array | None = None, name: str = "training") -> Part:
    values = np.asarray(x)
    return Part(name, {"x": values}, {"y": np.zeros(len(values), "int32") if y is None else np.asarray(y)})


def copies_of(*arrays: Array) -> int:
    digests = digest_samples(arrays, nobody)
    return len(digests) - len(np.unique(digests))


def test_samples_that_are_equal_to_an_earlier_one_are_counted():
    part = make_part([[1, 2], [3, 4], [1, 2], [5, 6], [1, 2], [3, 4]], [0, 1, 0, 1, 1, 1])
    found = find_copies(digest_part(part, nobody))
    assert (found.samples, found.copies, found.contradictions) == (6, 3, 1)
    first, second = found.examples
    assert (first.count, first.places) == (3, [SamplePlace(part="training", row=row) for row in (0, 2, 4)])
    assert first.inputs == {"x": [1, 2]}
    assert first.targets == [{"y": 0}, {"y": 0}, {"y": 1}]
    assert (second.count, [place.row for place in second.places]) == (2, [1, 5])


def test_samples_without_a_copy_are_none():
    found = find_copies(digest_part(make_part(np.arange(50).reshape(25, 2)), nobody))
    assert (found.copies, found.contradictions, found.examples) == (0, 0, [])


def test_test_samples_that_are_also_in_the_training_part_are_leaks():
    training = digest_part(make_part([[0.0, 1], [2, 3], [4, 5], [2, 3]], [0, 1, 0, 1]), nobody)
    test = digest_part(make_part([[4.0, 5], [9, 9], [2, 3]], [1, 0, 1], "test"), nobody)
    leak = find_leak(Side.whole(test), Side.whole(training))
    assert (leak.part, leak.source, leak.samples, leak.leaked, leak.contradictions) == ("test", "training", 3, 2, 1)
    assert [[(place.part, place.row) for place in one.places] for one in leak.examples] == [
        [("test", 0), ("training", 2)],
        [("test", 2), ("training", 1)],
    ]
    assert leak.examples[0].targets == [{"y": 1}, {"y": 0}]


def test_sides_of_a_split_keep_the_numbers_of_their_samples():
    digested = digest_part(make_part([[1], [2], [3], [1], [2], [4]]), nobody)
    training = Side("training", digested, np.array([0, 1, 2]))
    leak = find_leak(Side("validation", digested, np.array([3, 4, 5])), training)
    assert leak.leaked == 2
    assert [[place.row for place in one.places] for one in leak.examples] == [[3, 0], [4, 1]]


def test_nothing_leaks_from_or_into_an_empty_side():
    digested = digest_part(make_part([[1], [1]]), nobody)
    empty, whole = Side("none", digested, np.empty(0, np.int64)), Side.whole(digested)
    assert find_leak(whole, empty).leaked == 0
    assert find_leak(empty, whole).leaked == 0


@pytest.mark.parametrize(
    ("first", "second", "equal"),
    [
        (["ab", "c"], ["a", "bc"], False),
        (["größe", ""], ["größe", ""], True),
        (["", "x"], ["x", ""], False),
        (["\ud800", "x"], ["\ud800", "x"], True),
    ],
)
def test_texts_are_compared_as_texts(first: list[str], second: list[str], equal: bool):
    for kind in (object, "U10"):
        columns = [np.array(pair, kind) for pair in zip(first, second, strict=True)]
        assert copies_of(*columns) == int(equal)


def test_all_inputs_together_make_a_sample():
    image = np.zeros((3, 4, 4), "uint8")
    assert copies_of(image) == 2
    assert copies_of(image, np.array([1, 2, 1])) == 1
    assert copies_of(image, np.array([1, 2, 3])) == 0


def test_an_array_in_another_order_in_memory_is_the_same():
    x = np.arange(12.0).reshape(4, 3)
    assert (digest_samples([x], nobody) == digest_samples([np.asfortranarray(x)], nobody)).all()
    assert (digest_samples([x[::-1]], nobody) == digest_samples([x], nobody)[::-1]).all()


def test_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch):
    x = np.random.default_rng(0).integers(0, 4, (1000, 3))
    told: list[int] = []
    whole = digest_samples([x], nobody)
    monkeypatch.setattr("engine.data.sample_digests.BLOCK_BYTES", 24 * 7)
    assert (digest_samples([x], told.append) == whole).all()
    assert sum(told) == 1000
    assert max(told) == 7


def test_there_are_only_so_many_examples_and_the_contradictory_ones_come_first():
    labels = np.zeros(3000, int)
    labels[2999] = 1
    part = make_part(np.arange(3000) % 30, labels)
    found = find_copies(digest_part(part, nobody))
    assert (found.copies, found.contradictions, len(found.examples)) == (2970, 1, MAX_EXAMPLES)
    assert [one.inputs["x"] for one in found.examples] == [29, *range(MAX_EXAMPLES - 1)]
    assert (found.examples[0].count, len(found.examples[0].places)) == (100, MAX_PLACES)


def test_large_samples_are_shown_one_at_a_time():
    found = find_copies(
        digest_part(make_part(np.zeros((6, 700, 700), "uint8") + np.arange(6)[:, None, None] // 2), nobody)
    )
    assert found.copies == 3
    assert len(found.examples) == 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1)), min_size=1, max_size=40))
def test_counts_are_those_of_plain_python(rows: list[tuple[int, int]]):
    values, labels = zip(*rows, strict=True)
    first: dict[int, int] = {}
    contradictions = sum(first.setdefault(value, label) != label for value, label in rows)
    found = find_copies(digest_part(make_part(values, labels), nobody))
    assert (found.copies, found.contradictions) == (len(rows) - len(set(values)), contradictions)
