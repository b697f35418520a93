"""Whatever the bytes of a table are, and however many: read or refused, in bounded memory."""

import json
import random
import subprocess
import sys
from contextlib import suppress

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from engine.data.library.array_folder import ArrayFolder
from engine.data.library.kinds import GivenFile
from engine.data.library.table.kind import KIND
from engine.errors import EngineError

TRY = """
import sys
from pathlib import Path
from tests.engine.data.library.table.test_any_table import try_everything
try_everything(Path(sys.argv[1]), Path(sys.argv[1]) / "given")
"""


@pytest.mark.parametrize("seed", range(6))
def test_parquet_with_changed_bytes_is_read_or_refused_or_ends_only_the_process_that_reads_it(tmp_path, seed):
    drawn = random.Random(seed)
    path = tmp_path / "given"
    parquet.write_table(pa.table({"a": [1.5, 2.5, 3.5] * 50, "word": ["x", "y", "é"] * 50}), path)
    content = bytearray(path.read_bytes())
    for _ in range(drawn.randint(1, 8)):
        content[drawn.randrange(len(content))] ^= drawn.randint(1, 255)
    path.write_bytes(content)

    # Arrow's own code may crash on such a file, which is why the server reads every file in a process of its own.
    done = subprocess.run([sys.executable, "-c", TRY, str(tmp_path)], capture_output=True, text=True, timeout=60)

    assert done.returncode <= 0, done.stderr


@settings(max_examples=150, deadline=None)
@given(content=st.one_of(
    st.binary(min_size=1, max_size=300),
    st.text("ab1.5,;\t\"'\n\r é\ufeff", min_size=1, max_size=300).map(str.encode),
))  # fmt: skip
def test_any_bytes_are_read_or_refused(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("bytes")
    path = folder / "given"
    path.write_bytes(content)
    try_everything(folder, path)


def try_everything(folder, path):
    files = [GivenFile("given", path)]
    KIND.takes(files)
    with suppress(EngineError):
        inspection = KIND.inspect(files, None)
        json.dumps(inspection.model_dump(mode="json"), allow_nan=False)
        definition = inspection.definition
        KIND.prepare(files, definition, ArrayFolder(folder / "set", definition.array_names), lambda _: None)


BOUNDED = """
import resource, sys
from pathlib import Path
from engine.data.library.array_folder import ArrayFolder
from engine.data.library.kinds import GivenFile
from engine.data.library.table.kind import KIND
files = [GivenFile("big.csv", Path(sys.argv[1]))]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
definition = KIND.inspect(files, None).definition
prepared = KIND.prepare(files, definition, ArrayFolder(Path(sys.argv[2]), definition.array_names), lambda _: None)
print(prepared.samples, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_memory_is_bounded_however_long_the_table_is(tmp_path):
    path = tmp_path / "big.csv"
    block = "".join(f"{row}.123456,{row * 3}.5,{row / 7},{'abc'[row % 3]},{row % 2}\n" for row in range(10_000))
    with path.open("w") as opened:
        opened.write("a,b,c,kind,label\n")
        for _ in range(80):
            opened.write(block)
    command = [sys.executable, "-c", BOUNDED, str(path), str(tmp_path / "set")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    samples, kilobytes = map(int, done.stdout.split())
    assert samples == 800_000
    assert kilobytes * 1024 < 160 << 20
