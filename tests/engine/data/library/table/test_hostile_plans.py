"""Options that are none, and plans that a table cannot fill."""

import pytest

from engine.data.library.kinds import GivenFile
from engine.data.library.table import fields, sample
from engine.data.library.table.kind import KIND
from engine.errors import IssuesError
from tests.engine.data.library.table.hostile_tables import GOOD, codes


@pytest.mark.parametrize(
    "encoding", ["zlib", "hex", "nonsense", "rot13", "../utf-8", "utf-8\0", "x" * 39, "idna", "unicode_escape"]
)
def test_what_is_no_text_encoding_is_refused(write, refuse, encoding):
    issue = refuse(write(f"a,b\n{GOOD}"), encoding=encoding)
    assert (issue.code, issue.argument) == ("invalid_option", "options.encoding")


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
def test_a_invalid_option_is_named(write, refuse, options):
    issue = refuse(write(f"a,b\n{GOOD}"), **options)
    assert issue.code in {"invalid_option", "unknown_column"}
    assert "option" in issue.message


def test_the_quote_may_not_be_the_delimiter(write, refuse):
    assert refuse(write(f"a,b\n{GOOD}"), delimiter="'", quote="'").code == "invalid_option"


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


def test_no_file_is_refused():
    with pytest.raises(IssuesError, match=r"expected a file with a table .*, received none"):
        KIND.inspect([], None)


def test_a_file_that_is_sent_twice_is_no_longer_table(write):
    assert KIND.inspect(write(GOOD) * 2, None).issues[0].message == (
        "two files are named 'table.csv'; expected a name of its own for each"
    )


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
