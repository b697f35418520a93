"""The test parts of `keras.datasets`, where their files are in Keras's cache."""

import keras
import numpy as np
import pytest

from engine.data.datasets import list_datasets, load_dataset
from engine.data.test_parts import list_with_test_part, load_test_part

ARGUMENTS: dict[str, dict[str, int]] = {
    "imdb": {"num_words": 1000, "maxlen": 50},
    "reuters": {"num_words": 1000, "maxlen": 50},
}


def test_a_data_set_without_a_test_part_has_none():
    assert load_test_part(load_dataset("iris"), {}) is None


@pytest.mark.parametrize("name", list_with_test_part())
def test_a_test_part_has_the_form_of_the_data_set_and_other_samples(name: str):
    if not next(one for one in list_datasets() if one.name == name).available:
        pytest.skip(f"{name} is not in Keras's cache")
    arguments = ARGUMENTS.get(name, {})
    dataset = load_dataset(name, arguments)
    test = load_test_part(dataset, arguments)
    assert test is not None
    for ours, theirs in ((test.inputs, dataset.inputs), (test.targets, dataset.targets)):
        assert list(ours) == list(theirs)
        for key, array in ours.items():
            assert (array.shape[1:], len(array) == test.samples) == (theirs[key].shape[1:], True)
    _, (_, labels) = getattr(keras.datasets, name.removesuffix("_multi_hot")).load_data()
    if not arguments:
        np.testing.assert_array_equal(next(iter(test.targets.values())), labels)
