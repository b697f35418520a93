"""Arrays that do not belong together, and plans that they cannot fill."""

import struct
from pathlib import Path

import numpy as np
import pytest

from engine.data.library.arrays.kind import KIND
from engine.data.library.manifest import ArrayPlan, Definition
from engine.errors import IssuesError
from tests.engine.data.library.array_files import (
    X,
    Y,
    define,
    give,
    refuse,
    write_npz,
)
from tests.engine.data.library.hostile_arrays import as_npy, zip_up


def test_what_is_no_file_of_arrays_is_not_taken(tmp_path: Path):
    for name, content in {
        "a.npz": b"PK\x03\x04 and no more",
        "b.csv": b"x,y\n1,2\n",
        "c.npy": b"",
        "d.h5": b"\x89HDF",
    }.items():
        (tmp_path / name).write_bytes(content)
        assert not KIND.takes(give(tmp_path / name))
        with pytest.raises(IssuesError) as caught:
            KIND.inspect(give(tmp_path / name), None)
        assert repr(name) in caught.value.message
    assert not KIND.takes([])
    assert not KIND.takes(give(zip_up(tmp_path / "photos.zip", {"cat/1.png": b"", "dog/1.png": b""})))


def test_lengths_that_differ_are_refused(tmp_path: Path):
    path = write_npz(tmp_path / "a.npz", x=X, y=Y[:19])
    told = refuse(tmp_path / "set", path, definition=define())
    assert told.message == (
        "Samples lie along axis 0: the array 'x' in 'a.npz' has 20 of them and the array 'y' in 'a.npz' has 19;"
        " expected as many in each."
    )


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        (define("nothing"), "unknown_field"),
        (define(test={"x": "x"}), "no_test_array"),
        (define(test={"x": "y", "y": "y"}), "other_shape"),
        (define(test={"x": "nothing", "y": "y"}), "unknown_field"),
        (define(read_as={"nothing": "number"}), "unknown_field"),
        (define(read_as={"y": "wish"}), "invalid_option"),
        (define(folder="/etc"), "invalid_option"),
        (define(missing=3), "invalid_option"),
        (define(read_as={"x": "category"}), "not_a_column"),
        (define(class_names="x"), "no_class_names"),
        (define(class_names="few"), "no_class_name"),
        (define(targets="name", read_as={"name": "number"}), "no_numbers"),
        (define("gaps"), "missing_values"),
        (define("huge"), "missing_values"),
        (define(targets="many", read_as={"many": "category"}), "other_length"),
        (
            Definition(
                kind="arrays",
                inputs=[ArrayPlan(name="a", fields=["x", "deep"])],
                targets=[ArrayPlan(name="b", fields=["y"])],
            ),
            "not_side_by_side",
        ),
    ],
)
def test_a_definition_that_does_not_fit_is_refused(tmp_path: Path, definition: Definition, code: str):
    path = write_npz(
        tmp_path / "a.npz",
        x=X,
        y=Y,
        deep=np.zeros((20, 2, 2)),
        few=np.array(["a", "b"]),
        name=np.array(["a", "b"] * 10),
        gaps=np.where(X == 4, np.nan, X),
        huge=np.where(X == 4, 1e300, X.astype(float)),
        many=np.arange(3000),
    )
    assert refuse(tmp_path / "set", path, definition=definition).code == code


def test_the_first_missing_value_is_named_by_its_sample(tmp_path: Path):
    path = write_npz(tmp_path / "a.npz", x=np.where(X == 52, np.nan, X), y=Y)
    assert "the first is sample 17 of the array 'x' in 'a.npz'" in refuse(tmp_path / "set", path).message


def test_a_thousand_different_texts_are_no_classes(tmp_path: Path):
    path = write_npz(tmp_path / "a.npz", x=np.zeros((1500, 2)), y=np.arange(1500).astype(str))
    assert refuse(tmp_path / "set", path).code == "too_many_classes"


def test_texts_that_are_no_unicode_are_refused(tmp_path: Path):
    content = as_npy(np.array(["a", "b"] * 2000)).replace(struct.pack("<L", ord("b")), struct.pack("<L", 0x7FFFFFFF))
    path = zip_up(tmp_path / "a.npz", {"x.npy": as_npy(np.zeros((4000, 2))), "y.npy": content})
    told = refuse(tmp_path / "set", path, definition=define(read_as={"y": "category"}))
    assert "Unicode does not know" in told.message


def test_two_files_of_one_name_are_refused(tmp_path: Path):
    first = write_npz(tmp_path / "a.npz", x=X, y=Y)
    assert refuse(tmp_path / "set", first, first).code == "same_name"
