"""Parquet files that are broken or mean harm."""

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.engine.data.library.table.hostile_tables import codes


@pytest.fixture
def parquet_bytes(tmp_path):
    rows = np.arange(5_000, dtype=np.float64)
    path = tmp_path / "whole"
    parquet.write_table(pa.table({"a": rows, "b": rows * 2, "word": [f"w{row % 9}" for row in range(5_000)]}), path)
    return path.read_bytes()


@pytest.mark.parametrize("kept", [4, 8, 11, 0.5, 0.99])
def test_parquet_that_is_cut_off_is_said_to_be_broken(write, refuse, parquet_bytes, kept):
    size = kept if isinstance(kept, int) else int(len(parquet_bytes) * kept)
    issue = refuse(write(parquet_bytes[:size], "table.parquet"))
    assert issue.code == "broken_parquet"
    assert "table.parquet: expected a whole Parquet file" in issue.message


def test_parquet_with_texts_that_are_no_utf_8_is_refused(write, refuse, tmp_path):
    table = pa.table({"a": [1.5] * 9, "b": pa.array([b"x\xff", b"y", b"z"] * 3).view(pa.string())})
    parquet.write_table(table, tmp_path / "strange")
    columns = {"a": {"type": "number"}, "b": {"type": "category"}}
    assert refuse(write((tmp_path / "strange").read_bytes()), columns=columns).code == "broken_parquet"


def test_parquet_columns_that_are_lists_or_dates_cannot_be_numbers(write, refuse, tmp_path):
    table = pa.table({"a": [[1.5]] * 9, "b": [2.5] * 9, "c": pa.array([{"x": 1}] * 9)})
    parquet.write_table(table, tmp_path / "nested")
    files = write((tmp_path / "nested").read_bytes())
    assert refuse(files, columns={"a": {"type": "number"}, "b": {"type": "number"}}).code == "column_not_usable"
    assert refuse(files, ["c"]).code == "column_not_usable"


def test_parquet_without_rows_or_columns_is_refused(write, refuse, tmp_path):
    parquet.write_table(pa.table({"a": pa.array([], pa.float64()), "b": pa.array([], pa.float64())}), tmp_path / "none")
    files = write((tmp_path / "none").read_bytes())
    assert codes(files) == ["no_rows"]
    assert refuse(files).code == "no_rows"
    parquet.write_table(pa.table({}), tmp_path / "nothing")
    assert codes(write((tmp_path / "nothing").read_bytes())) == ["no_rows"]


def test_a_row_group_that_unpacks_to_more_than_fits_is_refused(write, refuse, parquet_bytes, monkeypatch):
    monkeypatch.setattr("engine.data.library.table.parquet_table.MAX_CHUNK_BYTES", 1_000)
    issue = refuse(write(parquet_bytes, "table.parquet"))
    assert issue.message.startswith("table.parquet: row group 1, column 'a': expected at most 1,000 bytes, received")


def test_a_long_text_in_many_rows_of_a_small_parquet_file_fills_no_memory(write, refuse, tmp_path):
    rows = 200_000
    texts = pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array(["novel " * 200_000]))
    parquet.write_table(pa.table({"a": np.arange(rows) / 2, "b": texts}), tmp_path / "bomb")
    content = (tmp_path / "bomb").read_bytes()
    assert len(content) < 8 << 20
    files = write(content)
    pool = pa.default_memory_pool()
    before = pool.bytes_allocated()
    assert codes(files) == []
    assert refuse(files, columns={"a": {"type": "number"}, "b": {"type": "text"}}).code == "too_much_text"
    issue = refuse(files, columns={"a": {"type": "number"}, "b": {"type": "category"}})
    assert "row 1, column 'b': expected a category of at most 200 characters" in issue.message
    assert pool.bytes_allocated() - before < 64 << 20
