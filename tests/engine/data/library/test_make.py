"""Files become a data set that is there like any other, or nothing at all."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from engine.data.datasets import find_source, list_datasets, load_dataset
from engine.data.library import make as making
from engine.data.library.kinds import GivenFile
from engine.data.library.library import use_library
from engine.data.library.make import Naming, inspect, make
from engine.data.library.manifest import MANIFEST_NAME, Definition, Manifest, StoredFile
from engine.data.library.measure import measure_array
from engine.data.library.preview import preview_own
from engine.data.library.store import LibraryStore
from engine.errors import EngineError, IssuesError
from tests.engine.data.library.small_kind import SmallKind

NAMING = Naming("odd-ones", "Odd ones", "Which numbers are odd?", [StoredFile(name="a", sha256="0" * 64, size=4)])
TABLE = Definition(kind="table")


@pytest.fixture(autouse=True)
def one_small_kind(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(making, "load_kind", lambda _: SmallKind())
    yield
    use_library(None)


def write(folder: Path, numbers: bytes) -> list[GivenFile]:
    path = folder / "numbers"
    path.write_bytes(numbers)
    return [GivenFile("numbers.bin", path)]


def make_in(folder: Path, numbers: bytes) -> tuple[LibraryStore, Manifest, list[float]]:
    store = LibraryStore(folder / "data")
    told: list[float] = []
    made = store.begin()
    (made / "set").mkdir()
    manifest = make(write(folder, numbers), TABLE, made / "set", NAMING, told.append)
    store.publish(made / "set", "odd-ones")
    return store, manifest, told


def test_what_was_made_is_there_like_any_other_data_set(tmp_path: Path):
    store, manifest, told = make_in(tmp_path, bytes([1, 2, 3, 4]))
    use_library(store.sets)
    dataset = load_dataset("odd-ones")
    assert dataset.inputs["value"].tolist() == [[1], [2], [3], [4]]
    assert dataset.targets["odd"].tolist() == [1, 0, 1, 0]
    assert isinstance(dataset.inputs["value"], np.memmap)
    assert list_datasets()[0].name == "odd-ones"
    assert find_source("odd-ones").summarize().source == "own"
    assert manifest == store.read_manifest("odd-ones")
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_preview_tells_what_was_measured_when_the_data_set_was_made(tmp_path: Path):
    store, _, _ = make_in(tmp_path, bytes([1, 2, 3, 6]))
    use_library(store.sets)
    preview = preview_own("odd-ones", rows=2)
    assert preview is not None
    assert preview.rows == [{"value": [1.0], "odd": 1}, {"value": [2.0], "odd": 0}]
    assert preview.class_counts == [2, 2]
    assert preview.class_names == ["even", "odd"]
    value = preview.statistics[0]
    assert (value.array, value.minimum, value.maximum, value.mean) == ("value", 1, 6, 3)
    assert value.std == pytest.approx(np.std([1, 2, 3, 6]))


def test_what_is_wrong_in_a_file_leaves_no_manifest(tmp_path: Path):
    with pytest.raises(IssuesError, match=r"numbers\.bin, row 3: expected a number below 255"):
        make(write(tmp_path, bytes([1, 2, 255])), TABLE, tmp_path, NAMING, lambda _: None)
    assert not (tmp_path / MANIFEST_NAME).exists()


def test_files_of_no_known_kind_are_refused_by_name(tmp_path: Path):
    with pytest.raises(IssuesError, match=r"could be read from 'numbers\.bin'"):
        inspect(write(tmp_path, b"?"))


def test_a_file_that_is_gone_is_named():
    with pytest.raises(IssuesError, match="'a' is not there any more"):
        inspect([GivenFile("a", Path("/nowhere/at/all"))])


def test_a_taken_name_leaves_the_older_data_set_as_it_is(tmp_path: Path):
    store, manifest, _ = make_in(tmp_path, bytes([1, 2]))
    other = store.begin()
    (other / "file").touch()
    with pytest.raises(EngineError, match="There is a data set named 'odd-ones' already"):
        store.publish(other, "odd-ones")
    assert store.read_manifest("odd-ones") == manifest


@pytest.mark.parametrize("name", ["../x", "", "A", "x/y", "x" * 64, ".hidden"])
def test_names_that_are_none_lead_nowhere(tmp_path: Path, name: str):
    store, _, _ = make_in(tmp_path, bytes([1, 2]))
    assert not store.has(name)
    with pytest.raises(EngineError, match="There is no data set of your own"):
        store.read_manifest(name)


def test_a_folder_whose_manifest_is_broken_is_no_data_set(tmp_path: Path):
    store, _, _ = make_in(tmp_path, bytes([1, 2]))
    (store.sets / "odd-ones" / MANIFEST_NAME).write_text("{")
    use_library(store.sets)
    assert list(store.list_manifests()) == []
    assert "odd-ones" not in {one.name for one in list_datasets()}


@given(
    arrays(
        np.float64,
        array_shapes(max_dims=3),
        elements=st.floats(-1e6, 1e6) | st.sampled_from([np.nan, np.inf, -np.inf]),
    ),
    st.integers(1, 5),
)
def test_measuring_in_pieces_says_what_numpy_says(values: np.ndarray, piece: int):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.data.library.measure.PIECE_VALUES", piece)
        found = measure_array("x", values, lambda _: None)
    there = values[np.isfinite(values)]
    if not there.size:
        assert found is None
        return
    assert found is not None
    assert (found.minimum, found.maximum) == (there.min(), there.max())
    assert found.mean == pytest.approx(there.mean(), abs=1e-6)
    assert found.std == pytest.approx(there.std(), abs=1e-4)
