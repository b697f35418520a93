"""Curves with fewer points: peaks stay, and so do the places where a curve is not finite."""

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from server.downsampling import encode_curves, select_points
from server.storage.metrics import Curve

CURVES = arrays(np.float64, st.integers(1, 400), elements=st.floats(width=64))


@settings(deadline=None)
@given(y=CURVES, points=st.integers(10, 100))
def test_points_are_kept_in_order_with_both_ends_and_no_more_than_asked_for(y: NDArray[np.float64], points: int):
    kept = select_points(np.arange(len(y)), y, points)
    assert np.all(np.diff(kept) > 0)
    assert len(kept) <= points
    assert (kept[0], kept[-1]) == (0, len(y) - 1)


def test_a_short_curve_is_kept_whole():
    y = np.array([1.0, np.nan, np.inf])
    assert select_points(np.arange(3), y, 10).tolist() == [0, 1, 2]


def test_a_single_peak_among_many_points_is_kept():
    y = np.sin(np.linspace(0, 20, 100_000))
    y[77_777] = 1000
    assert 77_777 in select_points(np.arange(len(y)), y, 2000)


@pytest.mark.parametrize("strange", [np.nan, np.inf, -np.inf])
def test_a_single_point_that_is_not_finite_is_kept_among_many(strange: float):
    y = np.linspace(1, 0, 100_000)
    y[54_321] = strange
    assert 54_321 in select_points(np.arange(len(y)), y, 2000)


def test_of_a_long_stretch_of_nan_both_ends_are_kept():
    y = np.linspace(1, 0, 10_000)
    y[3000:7000] = np.nan
    kept = select_points(np.arange(len(y)), y, 100)
    assert [index for index in kept.tolist() if np.isnan(y[index])] == [3000, 6999]


def test_a_curve_that_is_nan_at_every_other_point_still_shows_both_kinds():
    y = np.linspace(1, 0, 10_000)
    y[::2] = np.nan
    kept = select_points(np.arange(len(y)), y, 100)
    assert len(kept) <= 100
    assert 40 <= np.isnan(y[kept]).sum() <= 60


def test_series_are_written_with_strings_for_what_json_cannot_say():
    curve = Curve("loss", np.array([0, 1, 2, 3]), np.array([1.5, np.nan, np.inf, -np.inf]))
    assert orjson.loads(encode_curves([curve], 10)) == [
        {"name": "loss", "x": [0, 1, 2, 3], "y": [1.5, "NaN", "Infinity", "-Infinity"], "total": 4}
    ]
