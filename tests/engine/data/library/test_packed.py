"""Packed files are said to be packed."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.data.library.kinds import GivenFile
from engine.data.library.make import inspect
from engine.errors import IssuesError


@pytest.mark.parametrize(
    ("pack", "name"),
    [(gzip.compress, "gzip"), (bz2.compress, "bzip2"), (lzma.compress, "xz")],
    ids=["gzip", "bzip2", "xz"],
)
def test_what_is_no_table_is_refused_with_its_packing(tmp_path: Path, pack: Callable[[bytes], bytes], name: str):
    path = tmp_path / "stored"
    path.write_bytes(pack(bytes(100)))
    with pytest.raises(IssuesError, match=rf"'table.bin' is packed by {name}; expected") as caught:
        inspect([GivenFile("table.bin", path)])
    assert caught.value.code == "packed_file"
