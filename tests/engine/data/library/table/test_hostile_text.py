"""Tables of text that are broken or mean harm: refused with file, row and column, or read as what they are."""

import pytest

from engine.data.library.manifest import Definition
from engine.data.library.table import csv_table
from engine.data.library.table.kind import KIND
from engine.errors import IssuesError
from tests.engine.data.library.table.hostile_tables import GOOD, codes


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
    line = start.count(b"\n") + 1
    assert issue.message == f"table.csv: line {line}, byte {len(start) + 5:,}: expected text in utf-8, received e9"


def test_a_byte_in_another_encoding_far_behind_the_beginning_is_named(write, refuse):
    start = b"a,b\n" + b"1.5,2.5\n" * 700_000
    issue = refuse(write(start + b"1,caf\xe9\n"))
    assert f"line 700,002, byte {len(start) + 5:,}:" in issue.message
    assert issue.argument == "options.encoding"


def test_a_line_that_is_no_text_is_found_in_any_encoding(write, refuse):
    content = f"a,b\n{GOOD}".encode("utf-16-le") + b"\x00\xd8" + "1,2\n".encode("utf-16-le")
    assert f"line {GOOD.count(chr(10)) + 2}, byte" in refuse(write(content), encoding="utf-16-le").message


def test_utf_16_that_is_cut_within_a_character_is_refused(write, refuse):
    assert refuse(write(f"a,b\n{GOOD}".encode("utf-16")[:-1])).code == "wrong_encoding"


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


def test_a_row_of_very_many_cells_is_refused_before_anybody_guesses_what_they_are(write, refuse):
    files = write("a;b\n1;2\n" + ";" * 1_000_000)
    with pytest.raises(IssuesError, match=r"row 3: expected at most 10,000 columns, received 1,000,001") as caught:
        KIND.inspect(files, None)
    assert caught.value.code == "too_many_columns"
    assert refuse(files, header=True, delimiter=";", columns={"a": {"type": "number"}}).code == "too_many_columns"
