"""Constants of calls are read from JSON, and garbage is refused with a reason."""

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from engine.layers.constants import ConstantError, read_constant


def marker(name: str, **config: JsonValue) -> dict[str, JsonValue]:
    return {"class_name": name, "config": config}


def test_plain_values_stay_as_they_are() -> None:
    value = [1, 2.5, None, True, "a", {"b": [3]}]

    assert read_constant(value) == value


def test_markers_become_what_they_stand_for() -> None:
    key = read_constant([marker("__slice__", start=1, step=-2), marker("__ellipsis__"), 0])

    assert key == [slice(1, None, -2), ..., 0]
    assert read_constant(marker("__bytes__", value="ä")) == "ä".encode()
    array = read_constant(marker("__numpy__", value=[[1, 2]], dtype="int8"))
    assert isinstance(array, np.ndarray)
    assert (array.dtype, array.shape) == (np.dtype("int8"), (1, 2))


@pytest.mark.parametrize(
    "value",
    [
        marker("__slice__", start="a"),
        marker("__slice__", start=1.5),
        marker("__slice__", stop=10**30),
        marker("__slice__", step=0),
        marker("__slice__", start=True),
        marker("__numpy__", value=[[1], [2, 3]]),
        marker("__numpy__", value=["a"], dtype="float32"),
        marker("__numpy__", dtype="float32"),
        marker("__tensor__", value=[1], dtype="object"),
        marker("__tensor__", value=[1], dtype=[1]),
        marker("__bytes__", value=3),
        marker("__lambda__", value="code"),
        marker("os.system", value="ls"),
        {"class_name": "__slice__"},
        {"class_name": "__slice__", "config": 3},
        [[marker("Dense", units=1)]],
    ],
)
def test_garbage_is_refused_with_a_hint(value: JsonValue) -> None:
    with pytest.raises(ConstantError) as caught:
        read_constant(value)

    assert caught.value.code == "invalid_constant"
    assert caught.value.hint


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text() | st.sampled_from(["class_name", "config", "value", "start"]), inner, max_size=4)
    | st.builds(lambda name, config: {"class_name": name, "config": config}, st.sampled_from(
        ["__slice__", "__numpy__", "__tensor__", "__ellipsis__", "__bytes__"]), inner),
    max_leaves=20,
)  # fmt: skip


@given(VALUES)
def test_any_json_is_either_read_or_refused(value: JsonValue) -> None:
    with contextlib.suppress(ConstantError):
        read_constant(value)
