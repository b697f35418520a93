"""Samples of arrays that lie in files."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data import mapped
from engine.data.fingerprint import fingerprint
from engine.data.mapped import is_mapped, refuse_shortened, release, take_rows
from engine.errors import EngineError


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("mapped") / "rows.npy"
    np.save(found, np.arange(3000 * 7, dtype="float32").reshape(3000, 7))
    return found


@given(rows=st.lists(st.integers(0, 2999), max_size=50), width=st.sampled_from([1, 5]))
@settings(max_examples=30, deadline=None)
def test_rows_are_those_that_were_asked_for_in_their_order(path: Path, rows: list[int], width: int):
    array = np.load(path, mmap_mode="r")
    wanted = np.array(rows[: len(rows) // width * width], dtype="int32").reshape(-1, width)
    with pytest.MonkeyPatch.context() as patch:
        # So little that a few rows are taken piece by piece.
        patch.setattr(mapped, "REGION_BYTES", 2000)
        taken = take_rows(array, wanted)
    assert taken.shape == (*wanted.shape, 7)
    assert np.array_equal(taken, np.load(path)[wanted])
    assert type(taken) is np.ndarray


def test_views_of_a_file_are_read_as_they_are(path: Path):
    array = np.load(path, mmap_mode="r")
    windows = np.lib.stride_tricks.sliding_window_view(array, 4, axis=0)
    rows = np.array([2900, 0, 17])
    for view in (array[5:], np.asarray(array)[:, ::2], windows, array[::-1]):
        assert is_mapped(view)
        assert np.array_equal(take_rows(view, rows), np.array(view)[rows])


def test_arrays_in_memory_are_only_taken_from():
    array = np.arange(10)
    release(array)
    assert not is_mapped(array)
    assert take_rows(array, np.array([[3, 1]])).tolist() == [[3, 1]]
    texts = np.array(["a", "bc"], dtype=object)
    assert take_rows(texts, np.array([1, 1, 0])).tolist() == ["bc", "bc", "a"]


def test_what_was_changed_in_a_private_copy_of_a_file_stays(path: Path):
    array = np.load(path, mmap_mode="c")
    array[7] = -1
    release(array)
    assert array[7].tolist() == [-1] * 7


def test_a_file_that_became_shorter_is_refused_before_it_is_read(tmp_path: Path):
    path = tmp_path / "0.npy"
    np.save(path, np.zeros((4000, 3)))
    array = np.load(path, mmap_mode="r")
    refuse_shortened(array[10:])
    with path.open("rb+") as file:
        file.truncate(50_000)
    for view in (array, np.asarray(array)[3:, 1:]):
        with pytest.raises(EngineError, match=r"0\.npy of the data set was changed .* 50,000 bytes, expected 96,128"):
            take_rows(view, np.array([3000]))


def test_a_file_that_was_deleted_can_still_be_read_by_who_has_it(tmp_path: Path):
    path = tmp_path / "0.npy"
    np.save(path, np.arange(100))
    array = np.load(path, mmap_mode="r")
    path.unlink()
    assert take_rows(array, np.array([99, 0])).tolist() == [99, 0]


def test_rows_that_are_not_there_are_refused(path: Path):
    array = np.load(path, mmap_mode="r")
    for row in (-1, 3000):
        with pytest.raises(IndexError, match="expected rows 0 to 2999"):
            take_rows(array, np.array([5, row]))


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="only Linux tells what of a file is in memory")
def test_pages_of_a_file_do_not_stay_in_memory(tmp_path: Path):
    path = tmp_path / "large.npy"
    np.lib.format.open_memmap(path, "w+", "float32", (2_000_000, 8))[:] = 1.0
    array = np.load(path, mmap_mode="r")
    rows = np.random.default_rng(0).permutation(len(array))[:20_000]
    assert take_rows(array, rows).sum() == 160_000
    fingerprint([array])
    assert count_resident(path) < 8 << 20


def count_resident(path: Path) -> int:
    """Bytes of the file that this process has in memory."""
    found, total = False, 0
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if "-" in line.split(" ", 1)[0]:
            found = line.endswith(str(path))
        elif found and line.startswith("Rss:"):
            total += int(line.split()[1]) * 1024
    return total
