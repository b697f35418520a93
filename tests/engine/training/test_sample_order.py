"""The order of samples is that of Keras's `fit`, whatever they are and however many."""

import keras
import numpy as np
import pytest
from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter

from engine.training.config import FitSettings
from engine.training.sample_order import SampleOrder, shuffle_as_fit


@pytest.mark.parametrize("samples", [1, 2, 7, 100, 100_000])
@pytest.mark.parametrize("seed", [0, 1, 12345])
def test_samples_are_shuffled_as_keras_shuffles_them(samples: int, seed: int):
    keras.utils.set_random_seed(seed)
    adapter = ArrayDataAdapter(np.arange(samples), batch_size=13, shuffle=True)
    batches = [batch[0] if isinstance(batch, tuple) else batch for batch in adapter.get_tf_dataset()]
    keras.utils.set_random_seed(seed)
    assert shuffle_as_fit(samples).tolist() == np.concatenate(batches).tolist()


def test_the_order_does_not_change_what_is_drawn_afterwards():
    keras.utils.set_random_seed(3)
    expected = keras.random.uniform((3,)).numpy().tolist()
    keras.utils.set_random_seed(3)
    shuffle_as_fit(100)
    assert keras.random.uniform((3,)).numpy().tolist() == expected


def test_batches_of_one_size_are_taken_together():
    order = SampleOrder(23, FitSettings(batch_size=5, shuffle=False))
    assert order.take_batches(1, 2).tolist() == [[5, 6, 7, 8, 9], [10, 11, 12, 13, 14]]
    assert order.take_batches(3, 10).tolist() == [[15, 16, 17, 18, 19]]
    assert order.take_batches(4, 10).tolist() == [[20, 21, 22]]
    assert order.permutation.tolist() == list(range(23))
