"""Data sets that are drawn: what they ask follows from what they show, and their arguments say how they are made."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from engine.data.datasets import SOURCES, load_dataset
from engine.data.loaders.series import BLANK, FIRST_SYMBOL, GO
from engine.data.sources import points, series
from engine.errors import ConfigError

NAMES = [source.name for source in (*points.SOURCES, *series.SOURCES)]


def read(name: str, **arguments: JsonValue) -> list[np.ndarray]:
    """All arrays, the inputs first."""
    arrays = SOURCES[name].read(arguments)
    return [*arrays.inputs.values(), *arrays.targets.values()]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_draws_the_same_and_another_one_does_not(name: str):
    first, again, other = read(name), read(name, seed=0), read(name, seed=1)

    assert all(np.array_equal(one, same) for one, same in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])


@pytest.mark.parametrize("name", NAMES)
def test_there_are_as_many_samples_as_were_asked_for(name: str):
    assert {len(array) for array in read(name, samples=37)} == {37}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "arguments",
    [{"samples": 0}, {"samples": 10**9}, {"samples": "many"}, {"samples": 20.5}, {"samples": None}, {"seed": -1},
     {"seed": 2**32}, {"foo": 1}, {"noise": float("nan"), "cluster_std": float("nan"), "delay": float("nan")}],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused_by_name(name: str, arguments: dict[str, JsonValue]):
    with pytest.raises(ConfigError) as caught:
        load_dataset(name, arguments)
    assert (caught.value.issues[0].argument or "").removeprefix("data.arguments.") in arguments


@pytest.mark.parametrize("name", ["blobs", "moons", "circles", "spirals"])
def test_the_last_fifth_that_validation_split_takes_has_every_class(name: str):
    _, classes = read(name)
    assert set(classes[-len(classes) // 5 :]) == set(classes)


def test_blobs_without_spread_are_their_centres():
    blobs, clusters = read("blobs", centers=4, features=5, cluster_std=0.0)

    assert blobs.shape == (1000, 5)
    for cluster in range(4):
        assert len(np.unique(blobs[clusters == cluster], axis=0)) == 1


def test_circles_without_noise_have_their_radii():
    drawn, inner = read("circles", noise=0.0, factor=0.25)

    np.testing.assert_allclose(np.linalg.norm(drawn, axis=1), np.where(inner, 0.25, 1), rtol=1e-5)


def test_spiral_arms_are_turned_copies_of_each_other():
    drawn, arms = read("spirals", arms=3, turns=0.75, noise=0.0)

    radius, angle = np.linalg.norm(drawn, axis=1), np.arctan2(drawn[:, 1], drawn[:, 0])
    start = angle - 2 * np.pi * (0.75 * radius + arms / 3)
    np.testing.assert_allclose(np.cos(start), 1, atol=1e-4)
    assert np.bincount(arms).tolist() == [334, 333, 333]


def test_a_sine_without_noise_is_one():
    places, values = read("sine", noise=0.0, periods=2.0)

    np.testing.assert_allclose(values, np.sin(places[:, 0]), atol=1e-6)
    assert 1.9 * np.pi < np.abs(places).max() <= 2 * np.pi


@settings(max_examples=30, deadline=None)
@given(samples=st.integers(10, 60), window=st.integers(1, 30), horizon=st.integers(1, 20))
def test_the_value_after_a_window_is_the_one_that_later_windows_show(samples: int, window: int, horizon: int):
    windows, following = read("sine_windows", samples=samples, window=window, horizon=horizon)

    assert (windows.shape, following.shape) == ((samples, window, 1), (samples,))
    # The window that ends with the wanted value begins `horizon` samples later.
    np.testing.assert_array_equal(windows[horizon:, -1, 0], following[: max(samples - horizon, 0)])


@settings(max_examples=30, deadline=None)
@given(length=st.integers(1, 9), delay=st.integers(0, 9), symbols=st.integers(2, 9))
def test_a_sequence_is_to_be_copied_after_the_sign_to_go(length: int, delay: int, symbols: int):
    sequence, copy = read("copy_sequence", samples=20, length=length, delay=delay, symbols=symbols)

    go = length + delay
    assert sequence.shape == copy.shape == (20, go + 1 + length)
    np.testing.assert_array_equal(copy[:, go + 1 :], sequence[:, :length])
    assert FIRST_SYMBOL <= sequence[:, :length].min() <= sequence[:, :length].max() < symbols + FIRST_SYMBOL
    assert np.all(sequence[:, go] == GO)
    assert np.all(sequence[:, length:go] == BLANK)
    assert np.all(sequence[:, go + 1 :] == BLANK)
    assert np.all(copy[:, : go + 1] == BLANK)


@pytest.mark.parametrize("name", SOURCES)
def test_a_summary_describes_every_argument_for_a_form(name: str):
    schema = SOURCES[name].summarize().arguments_schema

    assert schema["additionalProperties"] is False
    fields = type(SOURCES[name].check_arguments({})).model_fields
    described = schema["properties"]
    assert isinstance(described, dict)
    assert {key: value["default"] for key, value in described.items() if isinstance(value, dict)} == {
        key: field.default for key, field in fields.items()
    }
