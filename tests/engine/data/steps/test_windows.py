"""Windows of a series are those of Keras, and each gets what comes after it."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.mapped import is_mapped, take_rows
from engine.data.steps.apply import apply_steps
from engine.data.steps.entries import list_entries
from engine.data.steps.names import follow_names
from engine.errors import ConfigError
from tests.engine.data.steps.series import make_dataset, make_series, step


def cut_with_keras(data, targets, **arguments):
    """All windows and targets that Keras gives, as arrays."""
    batches = list(keras.utils.timeseries_dataset_from_array(data, targets, **arguments).as_numpy_iterator())
    return (np.concatenate(parts) for parts in zip(*batches, strict=True))


@settings(max_examples=25, deadline=None)
@given(
    length=st.integers(1, 6),
    stride=st.integers(1, 4),
    rate=st.integers(1, 4),
    start=st.integers(0, 5),
    cut=st.integers(1, 5),
    horizon=st.integers(0, 3),
)
def test_windows_and_what_comes_after_them_are_those_of_keras(length, stride, rate, start, cut, horizon):
    series = make_series()
    arguments = {
        "sequence_length": length,
        "sequence_stride": stride,
        "sampling_rate": rate,
        "start_index": start,
        "end_index": 40 - cut,
    }

    made = apply_steps(series, [step("windows", "features", horizon=horizon, **arguments)])

    used = dict.fromkeys(("data",), series.inputs["features"][start : 40 - cut])["data"]
    delay = (length - 1) * rate + horizon
    values = series.targets["value"][start : 40 - cut][delay:]
    windows, targets = cut_with_keras(used, values, sequence_length=length, sequence_stride=stride, sampling_rate=rate)
    np.testing.assert_array_equal(made.inputs["features"], windows)
    np.testing.assert_array_equal(made.targets["value"], targets)


def test_nothing_is_copied():
    series = make_series(10_000)

    made = apply_steps(series, [step("windows", "features", sequence_length=500)])

    assert made.inputs["features"].shape == (9_500, 500, 2)
    assert np.shares_memory(made.inputs["features"], series.inputs["features"])
    assert np.shares_memory(made.targets["value"], series.targets["value"])


def test_windows_of_a_file_are_read_as_they_are_asked_for(tmp_path):
    np.save(tmp_path / "0.npy", make_series(2_000).inputs["features"])
    mapped = np.load(tmp_path / "0.npy", mmap_mode="r")
    series = make_dataset({"features": mapped}, {"value": mapped[:, 0]})
    rows = np.array([1_900, 3, 500])

    made = apply_steps(series, [step("windows", "features", sequence_length=10)]).inputs["features"]

    assert is_mapped(made)
    np.testing.assert_array_equal(take_rows(made, rows)[:, :, 0], rows[:, None] + np.arange(10))


def test_other_arrays_keep_their_value_at_the_last_step_of_a_window():
    made = apply_steps(make_series(), [step("windows", "features", sequence_length=3, sampling_rate=2)])

    np.testing.assert_array_equal(made.targets["step"], made.inputs["features"][:, -1, 0])
    np.testing.assert_array_equal(made.targets["value"], 2 * (made.targets["step"] + 1))


def test_texts_are_kept_beside_windows_and_cut_into_them():
    words = np.array([f"word {number}" for number in range(40)], object)
    series = make_dataset({"features": make_series().inputs["features"], "text": words}, {"word": words})

    made = apply_steps(series, [step("windows", "features", sequence_length=2, also=["text"], horizon=2)])

    assert made.inputs["text"][0].tolist() == ["word 0", "word 1"]
    assert made.targets["word"][0] == "word 3"
    assert made.target_specs[0].dtype == "string"


def test_several_values_of_some_columns_are_predicted():
    chosen = step("windows", "features", sequence_length=4, targets="features", columns=[1], target_length=3, horizon=2)

    made = apply_steps(make_series(), [chosen])

    assert list(made.targets) == ["features_ahead", "value", "step"]
    assert made.targets["features_ahead"].shape == (33, 3, 1)
    np.testing.assert_array_equal(made.targets["features_ahead"][0, :, 0], [50, 60, 70])
    assert [spec.shape for spec in made.target_specs] == [[3, 1], [], []]


def test_a_second_array_is_cut_in_the_same_way_and_the_first_gets_a_new_name():
    chosen = step("windows", "features", name="past", sequence_length=4, targets="step", also=["value"])

    made = apply_steps(make_series(), [chosen])

    assert (list(made.inputs), list(made.targets)) == (["past"], ["value", "step"])
    assert made.targets["value"].shape == (36, 4)
    np.testing.assert_array_equal(made.targets["value"], 2 * made.inputs["past"][:, :, 0])


@pytest.mark.parametrize(
    ("arguments", "overlap"),
    [
        ({"sequence_length": 10}, 10),
        ({"sequence_length": 10, "horizon": 0}, 9),
        ({"sequence_length": 10, "sequence_stride": 4}, 2),
        ({"sequence_length": 4, "sampling_rate": 3, "horizon": 2, "target_length": 2}, 12),
    ],
)
def test_it_is_known_how_many_windows_share_steps_of_the_series(arguments, overlap):
    made = apply_steps(make_series(), [step("windows", "features", **arguments)])

    assert made.overlap == overlap


def test_the_arguments_of_keras_keep_their_names_defaults_and_texts():
    import inspect

    theirs = inspect.signature(keras.utils.timeseries_dataset_from_array).parameters
    ours = {one.name: one for one in list_entries()["windows"].arguments}
    shared = ["sequence_length", "sequence_stride", "sampling_rate", "start_index", "end_index"]

    assert list(ours)[:5] == shared
    for name in shared:
        assert ours[name].help
        if name != "sequence_length":
            assert ours[name].default == theirs[name].default
    assert [ours[name].kinds for name in ("targets", "columns", "horizon", "also")] == [
        ["string"],
        ["tuple"],
        ["integer"],
        ["tuple"],
    ]


@pytest.mark.parametrize(
    ("arguments", "place", "expected"),
    [
        ({}, "arguments.sequence_length", "windows needs 'sequence_length'"),
        ({"sequence_length": 0}, "arguments.sequence_length", "expected at least 1; received 0"),
        ({"sequence_length": 40}, "arguments.sequence_length", "takes 41 steps of the series; there are 40"),
        ({"sequence_length": 2.5}, "arguments.sequence_length", "expected a whole number; received 2.5"),
        ({"sequence_length": 3, "sampling_rate": 0}, "arguments.sampling_rate", "expected at least 1"),
        ({"sequence_length": 3, "start_index": 41}, "arguments.start_index", "from 0 to 40; received 41"),
        ({"sequence_length": 3, "end_index": -1}, "arguments.end_index", "from 0 to 40; received -1"),
        ({"sequence_length": 3, "targets": "valu"}, "arguments.targets", "expected one of value, step, features"),
        ({"sequence_length": 3, "also": ["x"]}, "arguments.also.0", "There is no array 'x'"),
        ({"sequence_length": 3, "also": ["features"]}, "arguments.also", "is cut into windows already"),
        ({"sequence_length": 3, "columns": [0]}, "arguments.columns", "'value' has one value per step"),
        (
            {"sequence_length": 3, "targets": "features", "columns": [2]},
            "arguments.columns",
            "expected numbers from 0 to 1; received [2]",
        ),
        ({"sequence_length": 3, "length": 3}, "arguments.length", "windows has no argument 'length'"),
    ],
)
def test_windows_that_cannot_be_cut_are_refused_at_their_argument(arguments, place, expected):
    with pytest.raises(ConfigError) as refusal:
        apply_steps(make_series(), [step("windows", "features", **arguments)])

    (issue,) = refusal.value.issues
    assert issue.argument == f"data.steps.0.{place}"
    assert expected in issue.message


def test_names_are_followed_without_the_arrays():
    steps = [
        step("windows", "features", name="past", sequence_length=3, targets="features"),
        step("normalize", "past", name="scaled"),
    ]
    made = apply_steps(make_series(), steps)

    assert follow_names(["features"], ["value", "step"], steps) == (list(made.inputs), list(made.targets))
