"""Training with too little memory, in a process that may have only so much of it."""

import multiprocessing
import resource
from concurrent.futures import ProcessPoolExecutor

import keras
import numpy as np
import psutil
import pytest
import tensorflow as tf

from engine.errors import EngineError
from engine.training.free_memory import measure_free_memory
from engine.training.memory_estimate import guess_memory, has_hidden_memory, measure_step
from engine.training.out_of_memory import guard_memory

MIB = 2**20


def make_mlp() -> "keras.Model":
    hidden = [keras.layers.Dense(1000) for _ in range(4)]
    model = keras.Sequential([keras.Input((10,)), *hidden, keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


def train(batch_size: int, free_bytes: int) -> str:
    """What a training says that may take so much memory. Runs in a process of its own."""
    model = make_mlp()
    x, y = np.zeros((batch_size, 10), "float32"), np.zeros((batch_size, 1), "float32")
    model.train_on_batch(x[:8], y[:8])
    in_use = psutil.Process().memory_info()
    resource.setrlimit(resource.RLIMIT_DATA, (in_use.data + free_bytes, resource.RLIM_INFINITY))
    try:
        with guard_memory(model, batch_size, [(10,)]):
            model.train_on_batch(x, y)
    except EngineError as error:
        return f"{error.code}: {error.message}"
    return "trained"


def test_a_batch_that_cannot_fit_is_refused_and_the_one_that_is_offered_fits():
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as pool:
        refused, trained = pool.map(train, (100_000, 8_192), (400 * MIB, 400 * MIB))
    assert refused.startswith("out_of_memory: The training would run out of memory: about 1.")
    assert refused.endswith("GiB are needed for a batch of 100,000; 8,192 would fit into 400 MiB.")
    assert trained == "trained"


def test_what_fails_for_lack_of_memory_is_explained():
    model = make_mlp()
    said = r"ran out of memory: about .* are needed for a batch of 32, of "
    with pytest.raises(EngineError, match=said) as caught, guard_memory(model, 32, [(10,)]):
        tf.fill([2**43], 0.5)
    assert isinstance(caught.value.__cause__, tf.errors.ResourceExhaustedError)


def test_what_fails_for_another_reason_is_left_as_it_is():
    with pytest.raises(ValueError, match="something else"), guard_memory(make_mlp(), 32, [(10,)]):
        raise ValueError("something else")


def test_where_there_is_a_gpu_the_memory_of_the_machine_says_nothing(monkeypatch: pytest.MonkeyPatch):
    model, begun = make_mlp(), []
    with pytest.raises(EngineError, match="would run out of memory"), guard_memory(model, 10**9, [(10,)]):
        begun.append("without")
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda _kind: ["/physical_device:GPU:0"])
    with guard_memory(model, 10**9, [(10,)]):
        begun.append("with")
    assert begun == ["with"]


def test_without_tracing_it_is_known_about_how_much_a_model_of_plain_layers_needs():
    layers = [keras.layers.Conv2D(8, 3, activation="relu") for _ in range(3)]
    inner = keras.Sequential([keras.Input((32, 32, 3)), *layers])
    model = keras.Sequential([keras.Input((32, 32, 3)), inner, keras.layers.Flatten(), keras.layers.Dense(10)])
    model.compile("adam", "mse")
    assert not has_hidden_memory(model)
    assert 0.3 < measure_step(model, 64) / guess_memory(model, 64) < 3


def test_layers_that_may_keep_much_more_than_they_give_are_known():
    for layer in (keras.layers.LSTM(4), keras.layers.TimeDistributed(keras.layers.Dense(1))):
        model = keras.Sequential([keras.Input((10, 4)), keras.Sequential([keras.Input((10, 4)), layer])])
        assert has_hidden_memory(model)


def test_there_is_some_memory_and_no_more_than_the_machine_has():
    assert 0 < measure_free_memory() <= psutil.virtual_memory().total
