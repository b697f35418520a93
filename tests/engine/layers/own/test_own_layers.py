"""Our own layers compute what their papers say, keep their weights' shapes, train, and come back from files."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest

from engine.layers.own.highway import Highway
from engine.layers.own.locally_connected_1d import LocallyConnected1D
from engine.layers.own.locally_connected_2d import LocallyConnected2D
from engine.layers.own.maxout_dense import MaxoutDense
from engine.layers.own.srelu import SReLU
from engine.layers.own.thresholded_relu import ThresholdedReLU

Array = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
Case = tuple[Callable[[], keras.layers.Layer], tuple[int, ...], tuple[int, ...], list[tuple[int, ...]]]

CASES: dict[str, Case] = {
    "highway": (lambda: Highway(activation="tanh"), (6,), (6,), [(6, 6), (6, 6), (6,), (6,)]),
    "highway of sequences": (lambda: Highway(use_bias=False), (4, 6), (4, 6), [(6, 6), (6, 6)]),
    "maxout": (lambda: MaxoutDense(3, nb_feature=2), (5,), (3,), [(2, 5, 3), (2, 3)]),
    "maxout of sequences": (lambda: MaxoutDense(3, use_bias=False), (4, 5), (4, 3), [(4, 5, 3)]),
    "1d": (lambda: LocallyConnected1D(3, 2, strides=2), (7, 4), (3, 3), [(3, 8, 3), (3, 3)]),
    "1d padded": (lambda: LocallyConnected1D(3, 4, strides=2, padding="same"), (7, 4), (4, 3), [(4, 16, 3), (4, 3)]),
    "1d channels first": (
        lambda: LocallyConnected1D(3, 2, data_format="channels_first"), (4, 7), (3, 6), [(6, 8, 3), (6, 3)],
    ),
    "2d": (lambda: LocallyConnected2D(5, (2, 3)), (4, 6, 2), (3, 4, 5), [(12, 12, 5), (3, 4, 5)]),
    "2d padded": (
        lambda: LocallyConnected2D(5, 3, strides=(2, 1), padding="same", activation="relu"),
        (5, 4, 2), (3, 4, 5), [(12, 18, 5), (3, 4, 5)],
    ),
    "2d channels first": (
        lambda: LocallyConnected2D(5, 2, data_format="channels_first"), (2, 4, 6), (5, 3, 5), [(15, 8, 5), (3, 5, 5)],
    ),
    "thresholded": (lambda: ThresholdedReLU(0.5), (3, 2), (3, 2), []),
    "srelu": (SReLU, (4,), (4,), [(4,)] * 4),
    "srelu shared": (lambda: SReLU(shared_axes=[1, 2]), (4, 4, 3), (4, 4, 3), [(1, 1, 3)] * 4),
}  # fmt: skip


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


def make_inputs(shape: tuple[int, ...]) -> Array:
    return np.random.default_rng(3).normal(size=(4, *shape)).astype("float32")


def make_random(layer: keras.layers.Layer, shape: tuple[int, ...]) -> keras.layers.Layer:
    """The layer, built, with weights of which none is zero or one."""
    layer.build((None, *shape))
    random = np.random.default_rng(4)
    layer.set_weights([random.normal(size=weight.shape) for weight in layer.weights])
    return layer


def compute(layer: keras.layers.Layer, inputs: Array) -> Array:
    computed: Array = keras.ops.convert_to_numpy(layer(inputs))
    return computed


def test_shapes_and_weights_are_those_of_the_paper(case: Case) -> None:
    make, shape, output, weights = case
    layer = make()

    assert tuple(layer.compute_output_shape((None, *shape))) == (None, *output)
    assert compute(layer, make_inputs(shape)).shape == (4, *output)
    assert [tuple(weight.shape) for weight in layer.weights] == weights


def test_a_symbolic_call_says_what_a_real_one_gives(case: Case) -> None:
    make, shape, output, _ = case

    assert make()(keras.Input(shape)).shape == (None, *output)


def test_a_layer_comes_back_from_its_config(case: Case) -> None:
    make, shape, _, _ = case
    layer = make_random(make(), shape)
    again = type(layer).from_config(layer.get_config())
    again.build((None, *shape))
    again.set_weights(layer.get_weights())

    assert again.get_config() == layer.get_config()
    np.testing.assert_array_equal(compute(again, make_inputs(shape)), compute(layer, make_inputs(shape)))


def test_a_step_of_training_changes_every_weight_that_matters(case: Case, tmp_path: Path) -> None:
    make, shape, _, _ = case
    keras.utils.set_random_seed(5)
    inputs = keras.Input(shape)
    flat = keras.layers.Flatten()(make_random(make(), shape)(inputs))
    model = keras.Model(inputs, keras.layers.Dense(2)(flat))
    model.compile("sgd", "mse")
    before = model.get_weights()
    model.fit(make_inputs(shape), np.ones((4, 2)), verbose=0)

    assert all(np.any(old != new) for old, new in zip(before, model.get_weights(), strict=True))
    assert np.isfinite(model.predict(make_inputs(shape), verbose=0)).all()

    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(
        loaded.predict(make_inputs(shape), verbose=0), model.predict(make_inputs(shape), verbose=0), rtol=1e-5
    )


def test_highway_mixes_its_input_with_a_dense_layer() -> None:
    x = make_inputs((6,))
    layer = make_random(Highway(activation="relu"), (6,))
    kernel, transform, bias, transform_bias = layer.get_weights()
    gate = 1 / (1 + np.exp(-(x @ transform + transform_bias)))

    expected = gate * np.maximum(x @ kernel + bias, 0) + (1 - gate) * x

    np.testing.assert_allclose(compute(layer, x), expected, rtol=1e-4, atol=1e-5)


def test_maxout_takes_the_greatest_of_its_linear_functions() -> None:
    x = make_inputs((5,))
    layer = make_random(MaxoutDense(3, nb_feature=4), (5,))
    kernel, bias = layer.get_weights()

    expected = np.max(np.stack([x @ kernel[k] + bias[k] for k in range(4)]), axis=0)

    np.testing.assert_allclose(compute(layer, x), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("first", [False, True])
def test_every_place_of_a_sequence_has_a_kernel_of_its_own(first: bool) -> None:
    size, stride = 3, 2
    x = make_inputs((4, 9) if first else (9, 4))
    data_format = "channels_first" if first else "channels_last"
    layer = make_random(LocallyConnected1D(5, size, strides=stride, data_format=data_format), x.shape[1:])
    kernel, bias = layer.get_weights()
    steps = x.transpose(0, 2, 1) if first else x

    windows = [steps[:, p * stride : p * stride + size] for p in range(4)]
    flat = [(w.transpose(0, 2, 1) if first else w).reshape(len(x), -1) for w in windows]
    expected = np.stack([flat[p] @ kernel[p] + bias[p] for p in range(4)], axis=2 if first else 1)

    np.testing.assert_allclose(compute(layer, x), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_every_place_of_an_image_has_a_kernel_of_its_own(padding: str) -> None:
    x = make_inputs((5, 6, 2))
    layer = make_random(LocallyConnected2D(3, (2, 3), padding=padding), (5, 6, 2))
    kernel, bias = layer.get_weights()
    padded = np.pad(x, ((0, 0), (0, 1), (1, 1), (0, 0))) if padding == "same" else x
    rows, columns = bias.shape[:2]

    expected = np.zeros((4, rows, columns, 3), "float32")
    for i in range(rows):
        for j in range(columns):
            window = padded[:, i : i + 2, j : j + 3].reshape(4, -1)
            expected[:, i, j] = window @ kernel[i * columns + j] + bias[i, j]

    np.testing.assert_allclose(compute(layer, x), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_with_the_same_kernel_everywhere_it_is_a_convolution(padding: str) -> None:
    x = make_inputs((7, 8, 2))
    convolution = keras.layers.Conv2D(3, 3, strides=2, padding=padding, use_bias=False)
    expected = compute(convolution, x)
    layer = make_random(LocallyConnected2D(3, 3, strides=2, padding=padding, use_bias=False), (7, 8, 2))
    kernel = convolution.get_weights()[0].reshape(-1, 3)
    layer.set_weights([np.broadcast_to(kernel, layer.weights[0].shape)])

    np.testing.assert_allclose(compute(layer, x), expected, rtol=1e-4, atol=1e-5)


def test_only_what_is_above_the_threshold_passes() -> None:
    x = np.array([[-2.0, 0.0, 1.0, 1.5]], "float32")

    np.testing.assert_array_equal(compute(ThresholdedReLU(1.0), x), [[0.0, 0.0, 0.0, 1.5]])


def test_srelu_has_three_straight_pieces() -> None:
    x = np.linspace(-4, 6, 40, dtype="float32").reshape(10, 4)
    layer = make_random(SReLU(), (4,))
    left, slope_left, right, slope_right = layer.get_weights()
    right = left + np.abs(right)

    expected = np.where(x <= left, left + slope_left * (x - left), x)
    expected = np.where(x >= right, right + slope_right * (x - right), expected)

    np.testing.assert_allclose(compute(layer, x), expected, rtol=1e-4, atol=1e-5)


def test_cosine_is_keras_own_dot() -> None:
    """Keras 1's cosine merge needs no layer of ours: `Dot(axes, normalize=True)` is it."""
    one, other = make_inputs((5,)), make_inputs((5,))[::-1].copy()

    expected = (one * other).sum(1) / np.linalg.norm(one, axis=1) / np.linalg.norm(other, axis=1)

    np.testing.assert_allclose(compute(keras.layers.Dot(1, normalize=True), [one, other])[:, 0], expected, rtol=1e-5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: MaxoutDense(0), "units"),
        (lambda: MaxoutDense(2, nb_feature=1.5), "nb_feature"),  # type: ignore[arg-type]
        (lambda: LocallyConnected1D(2, [1, 2]), "kernel_size"),  # type: ignore[arg-type]
        (lambda: LocallyConnected2D(2, 3, strides=0), "strides"),
        (lambda: LocallyConnected2D(2, 3, padding="causal"), "padding"),
        (lambda: LocallyConnected2D(2, 3, data_format="first"), "data_format"),
        (lambda: ThresholdedReLU(-1.0), "theta"),
        (lambda: ThresholdedReLU("a"), "theta"),  # type: ignore[arg-type]
        (lambda: SReLU(shared_axes=[4]).build((None, 3)), "shared_axes"),
        (lambda: SReLU().build((None, None, 3)), "every dimension"),
        (lambda: LocallyConnected1D(2, 3).build((None, None, 3)), "fully-defined"),
        (lambda: LocallyConnected1D(2, 5).build((None, 3, 3)), "zero or negative"),
        (lambda: Highway().build((None, None)), "must be defined"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(make: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        make()
