"""Tables packed by gzip, bzip2 or Zstandard: read as a stream, and refused where too much comes out."""

import bz2
import gzip
import io
import tracemalloc
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from engine.data.library.array_folder import ArrayFolder
from engine.data.library.kinds import GivenFile
from engine.data.library.make import inspect
from engine.data.library.table import byte_stream
from engine.data.library.table.byte_stream import ByteStream
from engine.data.library.table.kind import KIND
from engine.errors import IssuesError
from tests.engine.data.library.table.hostile_tables import GOOD

PACK: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "zst": lambda content: pa.compress(content, "zstd", asbytes=True),
}


def pack_zeros(pack):
    """Ten gigabytes of zeros: packed pieces behind each other are one packed file."""
    return 100 * pack(bytes(100_000_000))


@pytest.mark.parametrize("ending", PACK)
def test_a_packed_table_becomes_the_arrays_of_the_table(write, tmp_path, ending):
    files = write(PACK[ending](b"a,b\n" + GOOD.encode()), f"table.csv.{ending}")
    assert KIND.takes(files)
    definition = inspect(files).definition
    folder = ArrayFolder(tmp_path / "set", definition.array_names)
    prepared = KIND.prepare(files, definition, folder, lambda _: None)
    assert prepared.samples == 200
    np.testing.assert_array_equal(folder.map()["b"], [row * 2 + 0.25 for row in range(200)])


def test_pieces_that_were_packed_one_by_one_are_one_table(write):
    half = GOOD.encode().splitlines(keepends=True)
    files = write(b"".join(gzip.compress(line) for line in [b"a,b\n", *half]), "table.csv.gz")
    assert KIND.inspect(files, None).samples == 200


def test_a_packed_text_in_another_encoding_is_read(write):
    text = "Größe;Ziel\n" + "".join(f"{row},5;{'süß' if row % 2 else 'saß'}\n" for row in range(60))
    inspection = KIND.inspect(write(gzip.compress(text.encode("utf-16")), "table.csv.gz"), None)
    assert [field.name for field in inspection.fields] == ["Größe", "Ziel"]


def test_ten_gigabytes_of_zeros_are_refused_without_unpacking_them(write):
    content = pack_zeros(gzip.compress)
    assert len(content) < 11 << 20
    tracemalloc.start()
    files = write(content, "table.csv.gz")
    with pytest.raises(IssuesError):
        inspect(files)
    with pytest.raises(IssuesError, match=r"table.csv.gz: expected text, received a NUL byte"):
        KIND.inspect(files, None)
    assert tracemalloc.get_traced_memory()[1] < 64 << 20
    tracemalloc.stop()


def test_more_than_a_packed_file_may_become_is_refused_with_both_sizes(write):
    content = pack_zeros(bz2.compress)
    (file,) = write(content, "table.csv.bz2")
    stream = ByteStream(file)
    with pytest.raises(IssuesError) as caught:
        _read_all(stream)
    stream.close()
    assert caught.value.code == "unpacks_too_large"
    assert caught.value.message == (
        f"table.csv.bz2: expected at most {256 << 20:,} bytes once it is unpacked, received {257 << 20:,} and more, out"
        f" of {len(content):,} packed by bz2"
    )


def _read_all(stream):
    while stream.read(1 << 20):
        pass


def test_a_table_that_unpacks_too_far_is_refused_while_it_is_prepared(write, refuse, monkeypatch):
    monkeypatch.setattr(byte_stream, "RATIO_FROM_BYTES", 20 << 20)
    files = write(gzip.compress(b"a,b\n" + b"0,0\n" * (6 << 20)), "table.csv.gz")
    issue = refuse(files)
    assert issue.code == "unpacks_too_large"
    assert "expected at most 20,971,520 bytes once it is unpacked" in issue.message


@pytest.mark.parametrize("ending", PACK)
@pytest.mark.parametrize("cut", [5, 40])
def test_a_packed_file_that_was_cut_off_is_refused(write, refuse, ending, cut):
    content = PACK[ending](b"a,b\n" + GOOD.encode())
    issue = refuse(write(content[:-cut], f"table.csv.{ending}"))
    assert issue.code == "broken_packing"
    assert f"table.csv.{ending}: after " in issue.message


def test_packed_parquet_is_told_to_need_no_packing(write):
    packed = io.BytesIO()
    parquet.write_table(pa.table({"a": [1.0], "b": [2.0]}), packed)
    files = write(gzip.compress(packed.getvalue()), "table.parquet.gz")
    with pytest.raises(IssuesError, match=r"table.parquet.gz: expected a Parquet file as it is"):
        inspect(files)


def test_the_byte_that_is_no_text_is_counted_as_unpacked(write, refuse):
    content = b"a,b\n1,2\n\xff,3\n"
    issue = refuse(write(gzip.compress(content), "table.csv.gz"), encoding="utf-8")
    assert "line 3, byte 8: expected text in utf-8, received ff" in issue.message


def test_a_packed_archive_is_no_table(tmp_path):
    path = tmp_path / "given"
    path.write_bytes(gzip.compress(b"table.csv" + bytes(503) + b"a,b\n1,2\n"))
    with pytest.raises(IssuesError) as caught:
        inspect([GivenFile("tables.tar.gz", path)])
    assert caught.value.code == "packed_file"
