"""Tables that are broken or mean harm: refused with file, row and column, or read as what they are."""

import json
import random
import subprocess
import sys
from contextlib import suppress

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from engine.data.library.array_folder import ArrayFolder
from engine.data.library.kinds import GivenFile
from engine.data.library.manifest import ArrayPlan, Definition
from engine.data.library.table import csv_table, fields, sample
from engine.data.library.table.kind import KIND
from engine.errors import EngineError, IssuesError

GOOD = "".join(f"{row}.5,{row * 2}.25\n" for row in range(200))


@pytest.fixture
def write(tmp_path):
    def write_file(content, name="table.csv"):
        path = tmp_path / "given"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return [GivenFile(name, path)]

    return write_file


@pytest.fixture
def refuse(tmp_path):
    """Prepares files, which must fail; answers the first issue."""

    def refuse_files(files, inputs=("a",), targets=("b",), **options):
        definition = Definition(
            kind="table",
            options=options,
            inputs=[ArrayPlan(name="features", fields=list(inputs))],
            targets=[ArrayPlan(name="target", fields=list(targets))],
        )
        with pytest.raises(IssuesError) as caught:
            KIND.prepare(files, definition, ArrayFolder(tmp_path / "set", ["features", "target"]), lambda _: None)
        assert caught.value.issues
        assert len(caught.value.message) < 1_000
        return caught.value.issues[0]

    return refuse_files


def codes(files, **options):
    """The codes of what an inspection finds fault with."""
    inspection = KIND.inspect(files, Definition(kind="table", options=options))
    json.dumps(inspection.model_dump(mode="json"), allow_nan=False)
    return [issue.code for issue in inspection.issues]


def test_a_ragged_row_is_named(write, refuse):
    issue = refuse(write(f"a,b\n{GOOD}1,2,3\n{GOOD}"))
    assert issue.message == "table.csv: row 202: expected 2 cells as in the first row, received 3: '1,2,3'"
    assert refuse(write(f"a,b\n{GOOD}1\n")).code == "ragged_row"


def test_a_ragged_row_leaves_the_options_open_for_correction(write):
    inspection = KIND.inspect(write(f"a,b\n{GOOD}1,2,3\n"), None)
    assert [issue.code for issue in inspection.issues] == ["ragged_row"]
    assert inspection.definition.options["delimiter"] == ","
    assert "delimiter" in str(inspection.choices)


def test_a_wrong_delimiter_makes_one_column_and_that_is_said(write, refuse):
    files = write(f"a,b\n{GOOD}")
    inspection = KIND.inspect(files, Definition(kind="table", options={"delimiter": ";"}))
    (issue,) = [issue for issue in inspection.issues if issue.code == "one_column"]
    assert "received one divided by ';': 'a,b'" in issue.message
    assert (
        refuse(files, delimiter=";").message
        == "table.csv: array 'features': expected a column of the table, received 'a'"
    )


def test_the_first_cell_that_is_no_number_is_named_wherever_it_is(write, refuse, monkeypatch):
    monkeypatch.setattr(csv_table, "MIN_BLOCK", 512)
    issue = refuse(write(f"a,b\n{GOOD * 30}1,two\n3,four\n{GOOD}"))
    assert issue.message == "table.csv: row 6,002, column 'b': expected a number, received 'two'"
    assert issue.argument == "options.columns.b"
    assert "`missing`" in issue.hint


def test_some_strange_cells_among_numbers_are_shown_before_anything_is_prepared(write):
    inspection = KIND.inspect(write(f"a,b\n{GOOD}1,unknown\n"), None)
    (issue,) = inspection.issues
    assert (issue.code, issue.severity) == ("bad_cell", "error")
    assert "row 202, column 'b'" in issue.message
    options = {"missing": ["unknown"], "missing_rows": "drop"}
    assert codes(write(f"a,b\n{GOOD}1,unknown\n"), **options) == []


@pytest.mark.parametrize("cell", ["inf", "-Infinity", "1e39", "-1e400"])
def test_numbers_that_float32_cannot_hold_are_named(write, refuse, cell):
    issue = refuse(write(f"a,b\n{GOOD}1,{cell}\n"))
    assert (
        f"row 202, column 'b': expected a number that float32 can hold (at most 3.4e+38), received '{cell}'"
        in issue.message
    )


def test_nan_is_a_missing_value_unless_it_is_said_not_to_be(write, refuse):
    files = write(f"a,b\n{GOOD}1,NaN\n")
    assert "expected a value, received 'NaN'" in refuse(files).message
    assert "float32" in refuse(files, missing=[""]).message


@pytest.mark.parametrize("cell", ["0x10", "1_000", "١٢", "1,5", "=1+1", "1 2", "--1", "1e", "１"])
def test_what_only_looks_like_a_number_is_not_read_as_one(write, refuse, cell):
    assert "expected a number" in refuse(write(f'a,b\n{GOOD}1,"{cell}"\n')).message


@pytest.mark.parametrize("content", ["", "\n\n\r\n", "   \n", "\ufeff", "\t\n"])
def test_an_empty_file_is_said_to_be_empty(write, refuse, content):
    with pytest.raises(IssuesError) as caught:
        KIND.inspect(write(content), None)
    assert caught.value.code == "empty_file"
    assert refuse(write(content)).code == "empty_file"


@pytest.mark.parametrize("content", ["a,b", "a,b\n", "a,b\n\n\n"])
def test_only_a_header_is_no_data(write, refuse, content):
    assert "no_rows" in codes(write(content))
    assert (
        refuse(write(content), header=True, columns={"a": {"type": "number"}, "b": {"type": "number"}}).code
        == "no_rows"
    )


def test_names_that_are_equal_or_missing_are_made_distinct_and_that_is_said(write):
    inspection = KIND.inspect(write("x,,x,,x (3)\n1.5,2.5,3.5,4.5,5.5\n"), None)
    assert [field.name for field in inspection.fields] == ["x", "column 2", "x (3)'", "column 4", "x (3)"]
    assert [issue.code for issue in inspection.issues].count("column_renamed") == 3


def test_names_may_be_in_any_script(write, refuse):
    names = ["größe", "価格", "цена", "السعر", "🌊 wave", "<script>", "../../etc/passwd"]
    inspection = KIND.inspect(write(",".join(names) + "\n" + "1.5,2,3,4,5,6,7.5\n" * 9), None)
    assert [field.name for field in inspection.fields] == names
    assert inspection.definition.targets[0].name == "target"


def test_too_many_columns_are_counted(write, refuse):
    with pytest.raises(IssuesError, match=r"expected at most 10,000 columns, received 100,000"):
        KIND.inspect(write(",".join(["1"] * 100_000) + "\n"), None)


def test_ten_thousand_columns_are_not_too_many(write):
    content = ",".join(f"c{place}" for place in range(10_000)) + "\n" + (",".join(["1.5"] * 10_000) + "\n") * 3
    inspection = KIND.inspect(write(content), None)
    assert len(inspection.definition.inputs[0].fields) == 9_999
    assert len(inspection.rows) == 2


def test_a_nul_byte_is_no_text(write, refuse):
    issue = refuse(write(f"a,b\n{GOOD}1,2\0\n"))
    assert issue.code == "not_text"
    assert f"from byte {len(GOOD) + 7:,} on" in issue.message


def test_the_first_byte_in_another_encoding_is_named(write, refuse):
    start = f"a,b\n{GOOD}".encode()
    files = write(start + b"1,caf\xe9\n")
    issue = refuse(files, encoding="utf-8")
    assert issue.message == f"table.csv: at byte {len(start) + 5:,}: expected text in utf-8, received e9"


def test_a_byte_in_another_encoding_far_behind_the_beginning_is_named(write, refuse):
    start = b"a,b\n" + b"1.5,2.5\n" * 700_000
    issue = refuse(write(start + b"1,caf\xe9\n"))
    assert f"at byte {len(start) + 5:,}" in issue.message
    assert issue.argument == "options.encoding"


def test_utf_16_that_is_cut_within_a_character_is_refused(write, refuse):
    assert refuse(write(f"a,b\n{GOOD}".encode("utf-16")[:-1])).code == "wrong_encoding"


@pytest.mark.parametrize(
    "encoding", ["zlib", "hex", "nonsense", "rot13", "../utf-8", "utf-8\0", "x" * 39, "idna", "unicode_escape"]
)
def test_what_is_no_text_encoding_is_refused(write, refuse, encoding):
    issue = refuse(write(f"a,b\n{GOOD}"), encoding=encoding)
    assert (issue.code, issue.argument) == ("bad_option", "options.encoding")


@pytest.mark.parametrize(
    "options",
    [
        {"delimiter": ""}, {"delimiter": ",,"}, {"delimiter": "\n"}, {"delimiter": "é"}, {"delimiter": "1"},
        {"delimiter": "\0"}, {"quote": "x"}, {"header": "maybe"}, {"decimal": "x"}, {"missing": "NA"},
        {"missing": [1]}, {"missing_rows": "guess"}, {"columns": {"a": "number"}}, {"unknown": 1},
        {"columns": {"a": {"type": "image"}}}, {"columns": {"nobody": {"type": "number"}}},
    ],
    ids=str,
)  # fmt: skip
def test_a_bad_option_is_named(write, refuse, options):
    issue = refuse(write(f"a,b\n{GOOD}"), **options)
    assert issue.code in {"bad_option", "unknown_column"}
    assert "option" in issue.message


def test_the_quote_may_not_be_the_delimiter(write, refuse):
    assert refuse(write(f"a,b\n{GOOD}"), delimiter="'", quote="'").code == "bad_option"


def test_a_quote_that_is_never_closed_is_refused(write, refuse):
    issue = refuse(write(f'a,b\n1,"2\n{GOOD}'))
    assert issue.code == "column_not_usable"
    assert "row 2, column 'b': expected a category of at most 200 characters, received '2\\n0.5,0.25" in issue.message
    assert refuse(write(f'a,b\n1,"2\n{GOOD}')).argument == "options.columns.b"


def test_a_row_longer_than_a_block_is_refused_in_little_memory(write, refuse, tmp_path):
    long = "9" * (20 << 20)
    assert refuse(write(f"a,b\n{GOOD}1,{long}\n")).code == "long_row"
    with pytest.raises(IssuesError, match=r"row 2: expected cells of at most 131,072 characters") as caught:
        KIND.inspect(write(f"a,b\n1,{long}\n"), None)
    assert caught.value.code == "long_cell"
    assert codes(write(f"a,b\n{GOOD * 3_000}1,{long}\n")) in (["long_row"], [])
    issue = refuse(write(f"a,b\n{GOOD * 3_000}1,{long}\n"))
    assert issue.code == "long_row"
    assert "of at most 2,097,152 bytes" in issue.message


def test_more_different_values_than_a_category_may_have_are_refused(write, refuse):
    files = write("a,b\n" + "".join(f"{row},word {row}\n" for row in range(2_000)))
    columns = {"a": {"type": "number"}, "b": {"type": "category"}}
    assert codes(files, columns=columns) == ["too_many_categories"]
    assert "expected at most 1,000 different values" in refuse(files, columns=columns).message


def test_a_category_of_novels_is_refused(write, refuse):
    columns = {"a": {"type": "number"}, "b": {"type": "category"}}
    issue = refuse(write(f"a,b\n1,x\n1,{'novel ' * 50}\n"), columns=columns)
    assert "row 3, column 'b': expected a category of at most 200 characters" in issue.message


def test_categories_may_not_fill_the_memory_together(write, refuse, monkeypatch):
    monkeypatch.setattr(fields, "MAX_KEPT_VALUES", 50)
    monkeypatch.setattr(sample, "MAX_KEPT_VALUES", 50)
    files = write("a,b\n" + "".join(f"word {row % 40},label {row % 30}\n" for row in range(200)))
    columns = {"a": {"type": "category"}, "b": {"type": "category"}}
    assert "together" in refuse(files, columns=columns).message
    assert "column_skipped" in codes(files)


def test_more_than_the_disk_holds_is_refused_before_it_is_written(write, refuse, monkeypatch):
    monkeypatch.setattr("engine.data.library.table.arrays.FREE_DISK_SHARE", 0)
    assert refuse(write(f"a,b\n{GOOD}")).code == "disk_full"


def test_inputs_that_are_too_wide_are_refused(write, refuse):
    names = [f"c{place}" for place in range(11)]
    content = ",".join([*names, "b"]) + "\n"
    content += "".join(
        ",".join([f"w{(row + place) % 950}" for place in range(11)] + ["1.5"]) + "\n" for row in range(950)
    )
    columns = {name: {"type": "category"} for name in names} | {"b": {"type": "number"}}
    issue = refuse(write(content), names, columns=columns)
    assert "expected at most 10,000 numbers per sample, received 10,450" in issue.message


def test_a_target_with_one_value_teaches_nothing(write, refuse):
    files = write("a,b\n" + "1.5,yes\n" * 30)
    assert refuse(files, columns={"a": {"type": "number"}, "b": {"type": "category"}}).code == "one_class"


def test_a_column_without_any_value_is_named(write, refuse):
    issue = refuse(write("a,c,b\n" + "1,,2\n" * 30), ["a", "c"], missing_rows="fill",
                   columns={name: {"type": "number"} for name in "abc"})  # fmt: skip
    assert issue.message == "table.csv: column 'c': expected values, received 30 empty cells"


def test_a_table_of_which_all_rows_would_be_dropped_is_refused(write, refuse):
    issue = refuse(write("a,b\n" + "1,\n,2\n" * 30), missing_rows="drop",
                   columns={name: {"type": "number"} for name in "ab"})  # fmt: skip
    assert issue.code == "no_samples"


@pytest.mark.parametrize(
    ("inputs", "targets", "code"),
    [
        (["nobody"], ["b"], "unknown_column"),
        (["a"], ["a"], "target_among_inputs"),
        (["date"], ["b"], "column_not_usable"),
        (["a"], ["b", "kind"], "mixed_target"),
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused(write, refuse, inputs, targets, code):
    rows = "".join(f"{row}.5,{row}.25,{'xyz'[row % 3]},2026-01-{row}\n" for row in range(60))
    assert refuse(write(f"a,b,kind,date\n{rows}"), inputs, targets).code == code


def test_no_file_or_two_files_are_refused(write):
    with pytest.raises(IssuesError, match="expected one file with a table, received 0 files"):
        KIND.inspect([], None)
    with pytest.raises(IssuesError, match="received 2 files"):
        KIND.inspect(write(GOOD) * 2, None)


def test_a_file_that_is_gone_is_named(tmp_path, refuse):
    issue = refuse([GivenFile("gone.csv", tmp_path / "gone")])
    assert issue.message == "gone.csv: expected a file that can be read: No such file or directory"


@pytest.mark.parametrize(
    "head",
    [
        b"PK\x03\x04", b"\x89HDF\r\n\x1a\n", b"\x93NUMPY\x01", b"\x89PNG\r\n\x1a\n\0", b"\x1f\x8b\x08",
        b"\xff\xd8\xff\xe0\0", b"%PDF-1.4", b'{"a": 1}', b"", b"\x80\x04\x95",
    ],
)  # fmt: skip
def test_files_of_other_kinds_are_left_to_them(write, head):
    assert not KIND.takes(write(head, "strange"))


def test_text_and_parquet_are_taken_whatever_their_names(write):
    assert KIND.takes(write(GOOD, "data"))
    assert KIND.takes(write(b"PAR1whatever", "data"))
    assert KIND.takes(write("größe;preis\n".encode("utf-16"), "data.csv"))


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


TRY = """
import sys
from pathlib import Path
from tests.engine.data.library.test_table_hostile import try_everything
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
