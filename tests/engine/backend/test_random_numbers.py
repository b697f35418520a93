"""The random numbers of programs that XLA compiles: those that are drawn without it, or known to be others."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
import tensorflow as tf

from engine.backend.programs import ResidentProgram, build_for_training
from engine.backend.random_numbers import draw_as_without_xla, draws_other_numbers

SAMPLES, BATCH, STEPS = 40, 8, 10


MakeLayers = Callable[[], list[keras.layers.Layer]]


def make_program(make_layers: MakeLayers, *, jit: bool) -> ResidentProgram:
    keras.utils.set_random_seed(5)
    random = np.random.default_rng(0)
    inputs = random.normal(size=(SAMPLES, 6)).astype("float32")
    targets = inputs.sum(axis=1, keepdims=True)
    model = keras.Sequential([keras.Input((6,)), *make_layers(), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mean_squared_error")
    build_for_training(model, (inputs[:BATCH], targets[:BATCH]))
    data = (tf.constant(inputs), tf.constant(targets))
    program = ResidentProgram(model, "train", data, BATCH, jit=jit, room=STEPS if jit else None)
    program.trace()
    return program


UNIFORM = {
    "Dropout": lambda: [keras.layers.Dense(16), keras.layers.Dropout(0.4, seed=1)],
    "AlphaDropout": lambda: [keras.layers.Dense(16), keras.layers.AlphaDropout(0.4, seed=1)],
    "SpatialDropout1D": lambda: [keras.layers.Reshape((3, 2)), keras.layers.SpatialDropout1D(0.4, seed=1),
                                 keras.layers.Flatten()],
}  # fmt: skip


@pytest.mark.parametrize("make_layers", UNIFORM.values(), ids=UNIFORM)
def test_layers_that_drop_units_drop_the_same_ones_with_xla(make_layers: MakeLayers):
    losses = []
    for jit in (False, True):
        program = make_program(make_layers, jit=jit)
        assert not program.draws_other_numbers
        losses.append(program.run(0, STEPS, halt=False, restart=True)["loss"])

    np.testing.assert_allclose(losses[1], losses[0], rtol=1e-4)
    assert len(set(losses[0])) == STEPS


@pytest.mark.parametrize("layer", ["GaussianNoise", "GaussianDropout"])
def test_a_program_that_xla_would_give_other_numbers_is_known(layer):
    def make_layers() -> list[keras.layers.Layer]:
        return [keras.layers.Dense(16), getattr(keras.layers, layer)(0.4, seed=1)]

    assert make_program(make_layers, jit=True).draws_other_numbers
    assert not make_program(make_layers, jit=False).draws_other_numbers


@pytest.mark.parametrize("dtype", ["float64", "float16"])
def test_uniform_numbers_of_another_precision_count_as_other_ones(dtype):
    with draw_as_without_xla():
        draw = tf.function(lambda seed: tf.random.stateless_uniform((3,), seed, dtype=dtype), jit_compile=True)
        program = draw.get_concrete_function(tf.TensorSpec((2,), tf.int32))

    assert draws_other_numbers(program)


def test_bounds_are_those_that_were_asked_for():
    def draw(seed: tf.Tensor) -> tf.Tensor:
        return tf.random.stateless_uniform((50,), seed, minval=-2.0, maxval=3.0)

    seed = tf.constant([3, 4])
    plain = tf.function(draw)(seed)
    with draw_as_without_xla():
        same = tf.function(draw, jit_compile=True)(seed)

    np.testing.assert_allclose(same, plain, atol=1e-6)


def test_tensorflow_draws_as_before_once_the_program_is_traced():
    before = tf.random.stateless_uniform
    make_program(lambda: [keras.layers.Dropout(0.5)], jit=True)

    assert tf.random.stateless_uniform is before
