"""Fingerprints of data: the same for the same numbers, another for other ones."""

import numpy as np
import pytest

from engine.data.datasets import load_dataset
from engine.data.fingerprint import BLOCK_BYTES, MAX_BLOCKS, _sample, fingerprint

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.normal(size=(50, 8, 8)).astype("float32")
LABELS = RANDOM.integers(0, 10, 50)


def test_the_same_data_has_the_same_fingerprint_however_it_lies_in_memory():
    expected = fingerprint({"images": IMAGES, "labels": LABELS})
    assert len(expected) == 32
    assert fingerprint({"images": np.asfortranarray(IMAGES), "labels": LABELS.copy()}) == expected
    twice = np.repeat(IMAGES, 2, axis=0)
    assert fingerprint({"images": twice[::2], "labels": LABELS}) == expected


@pytest.mark.parametrize(
    "changed",
    [
        {"images": IMAGES + np.eye(8, dtype="float32") * 1e-3, "labels": LABELS},
        {"images": IMAGES.reshape(50, 64), "labels": LABELS},
        {"images": IMAGES.astype("float64"), "labels": LABELS},
        {"images": IMAGES, "labels": LABELS[::-1]},
        {"images": IMAGES[:-1], "labels": LABELS[:-1]},
        {"pictures": IMAGES, "labels": LABELS},
        {"images": IMAGES},
    ],
)
def test_other_data_has_another_fingerprint(changed: dict[str, np.ndarray]):
    assert fingerprint(changed) != fingerprint({"images": IMAGES, "labels": LABELS})


def test_a_list_of_arrays_is_compared_in_its_order():
    assert fingerprint([IMAGES, LABELS]) == fingerprint((IMAGES, LABELS))
    assert fingerprint([IMAGES, LABELS]) != fingerprint([LABELS, IMAGES])


def test_of_a_large_array_only_so_many_blocks_are_read():
    blocks = 4 * MAX_BLOCKS
    # Memory that is never touched is not there: 64 MiB of zeros.
    large = np.zeros(blocks * BLOCK_BYTES, dtype="uint8")
    read = list(_sample(large))
    assert len(read) == MAX_BLOCKS
    before = fingerprint([large])
    for place in (0, -1):
        large[place] = 1
        assert fingerprint([large]) != before
        large[place] = 0
    assert fingerprint([large]) == before


def test_empty_and_textual_arrays_have_fingerprints_too():
    assert fingerprint([np.zeros((0, 3))]) != fingerprint([np.zeros((0, 4))])
    words = np.array(["one", "two"], dtype=object)
    assert fingerprint([words]) == fingerprint([np.array(["one", "two"], dtype=object)])
    assert fingerprint([words]) != fingerprint([np.array(["one", "tow"], dtype=object)])


def test_a_data_set_that_is_read_again_is_the_same():
    def read() -> str:
        dataset = load_dataset("digits", {})
        return fingerprint(dataset.inputs | dataset.targets)

    assert read() == read()


def test_texts_are_told_apart_by_what_they_say_and_where_they_end():
    def of(*texts):
        return fingerprint([np.array([*texts, None], dtype=object)[:-1]])

    assert of("ab", "c") == of("ab", "c")
    assert len({of("ab", "c"), of("a", "bc"), of("abc", ""), of("ab", "ç"), of("c", "ab")}) == 5
    long = ["x" * 10_000_000, *map(str, range(5_000))]  # as an array of strings this would take 200 GB
    assert of(*long) != of(*long[1:], long[0])
