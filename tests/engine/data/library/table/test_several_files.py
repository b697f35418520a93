"""Files with the same columns are one table, whether they come one by one, in a folder or in a zip."""

import gzip
import zipfile

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from engine.data.library.array_folder import ArrayFolder
from engine.data.library.kinds import GivenFile
from engine.data.library.make import inspect
from engine.data.library.manifest import Definition
from engine.data.library.table.kind import KIND
from engine.errors import IssuesError

JANUARY = "a,b\n" + "".join(f"{row},{row}.5\n" for row in range(30))
FEBRUARY = "b,a\n" + "".join(f"{row}.5,{row}\n" for row in range(30, 50))


@pytest.fixture
def send(tmp_path):
    """Files by name, as they are sent."""

    def write_files(**contents):
        files = []
        for number, (name, content) in enumerate(contents.items()):
            path = tmp_path / f"sent-{number}"
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            files.append(GivenFile(name.replace("_", "."), path))
        return files

    return write_files


@pytest.fixture
def zip_up(tmp_path):
    def write_zip(contents, name="tables.zip"):
        path = tmp_path / "zipped"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in contents.items():
                archive.writestr(member, content)
        return [GivenFile(name, path)]

    return write_zip


@pytest.fixture
def prepare(tmp_path):
    def prepare_files(sent, **options):
        definition = inspect(sent, Definition(kind="table", options=options)).definition
        folder = ArrayFolder(tmp_path / "set", definition.array_names)
        return KIND.prepare(sent, definition, folder, lambda _: None), folder.map()

    return prepare_files


def first_issue(sent, **options):
    return KIND.inspect(sent, Definition(kind="table", options=options)).issues[0]


def test_files_that_were_sent_together_are_one_table_whatever_the_order_of_their_columns(send, prepare):
    files = send(january_csv=JANUARY, february_csv=FEBRUARY)
    found = inspect(files)
    assert found.samples == 50
    assert {row["a"] for row in found.rows} >= {"0", "30"}, "rows of each file are shown"
    prepared, arrays = prepare(files)
    assert prepared.samples == 50
    np.testing.assert_array_equal(arrays["features"][:, 0], np.arange(50))
    np.testing.assert_array_equal(arrays["b"], np.arange(50) + 0.5)


def test_a_zip_of_tables_is_one_table_packed_or_not(zip_up, prepare):
    files = zip_up(
        {"data/1.csv": JANUARY, "data/2.csv.gz": gzip.compress(FEBRUARY.encode()), "data/readme.md": "# Weather"}
    )
    found = inspect(files)
    assert found.definition.kind == "table"
    assert [issue.message for issue in found.issues] == [
        "tables.zip: passed over what is no table by its name: 'data/readme.md'"
    ]
    assert prepare(files)[0].samples == 50


def test_a_folder_of_parquet_files_is_one_table(tmp_path, prepare):
    folder = tmp_path / "tables"
    folder.mkdir()
    for number in range(3):
        parquet.write_table(pa.table({"a": [1.0, 2.0, 3.0], "b": [number, number, 7]}), folder / f"{number}.parquet")
    files = [GivenFile("tables", folder)]
    assert inspect(files).samples == 9
    assert prepare(files)[1]["b"].tolist() == [0, 0, 7, 1, 1, 7, 2, 2, 7]


def test_the_name_of_the_file_can_be_a_column(send, prepare):
    files = send(cats_csv="size\n" + "1\n" * 30, dogs_csv="size\n" + "2\n" * 30)
    prepared, arrays = prepare(files, file_column=True)
    assert prepared.targets[0].class_names == ["cats.csv", "dogs.csv"]
    assert arrays["file"].tolist() == [0] * 30 + [1] * 30


def test_what_only_several_files_need_is_not_asked_of_one(send):
    several, one = send(january_csv=JANUARY, february_csv=FEBRUARY), send(january_csv=JANUARY)
    asked = [KIND.inspect(files, None).choices["properties"] for files in (several, one)]
    assert isinstance(asked[0], dict)
    assert isinstance(asked[1], dict)
    assert asked[0].keys() - asked[1].keys() == {"files", "file_column"}


def test_files_can_be_chosen_where_they_are_not_all_one_table(zip_up, prepare):
    files = zip_up({"train-1.csv": JANUARY, "train-2.csv": FEBRUARY, "submission.csv": "id,answer\n1,2\n"})
    issue = first_issue(files)
    assert (issue.code, issue.argument) == ("other_columns", "options.files")
    assert issue.message == (
        "train-1.csv: expected the columns of submission.csv ('id', 'answer'), received a table without 'id', 'answer',"
        " with 'a', 'b'"
    )
    assert prepare(files, files=["train-*.csv"])[0].samples == 50


def test_another_delimiter_in_one_of_the_files_is_named(send):
    files = send(january_csv=JANUARY, february_csv=FEBRUARY.replace(",", ";"))
    issue = first_issue(files)
    assert issue.code == "other_delimiter"
    assert issue.message == (
        "february.csv: expected cells divided by ',' as in january.csv, received cells divided by ';'"
    )


def test_a_ragged_row_in_the_second_file_is_named_with_its_file(send):
    ragged = FEBRUARY.replace("40.5,40\n", "40.5,40,41\n")
    issue = first_issue(send(january_csv=JANUARY, february_csv=ragged))
    assert issue.message == ("february.csv: row 12: expected 2 cells as in the first row, received 3: '40.5,40,41'")


def test_a_cell_that_is_no_number_is_named_with_its_file_and_its_row_there(send, prepare):
    long = "a,b\n" + "".join(f"{row},{row}.5\n" for row in range(6_000))
    with pytest.raises(IssuesError, match=r"february.csv: row 5,002, column 'b': expected a number, received 'oops'"):
        prepare(send(january_csv=JANUARY, february_csv=long.replace("5000,5000.5\n", "5000,oops\n")))


def test_a_missing_column_in_one_of_the_files_is_named(send):
    issue = first_issue(send(january_csv=JANUARY, february_csv="a\n" + "1\n" * 20))
    assert "february.csv: expected the columns of january.csv ('a', 'b'), received a table without 'b'" in issue.message


def test_text_beside_parquet_is_refused(send, tmp_path):
    parquet.write_table(pa.table({"a": [1.0], "b": [2.0]}), tmp_path / "p")
    issue = first_issue(send(one_csv=JANUARY, two_parquet=(tmp_path / "p").read_bytes()))
    assert issue.message == "two.parquet: expected text as one.csv is, received Parquet"


def test_parquet_with_another_type_is_refused(tmp_path):
    folder = tmp_path / "tables"
    folder.mkdir()
    parquet.write_table(pa.table({"a": [1.0], "b": [2.0]}), folder / "1.parquet")
    parquet.write_table(pa.table({"a": [1.0], "b": ["2.0"]}), folder / "2.parquet")
    issue = first_issue([GivenFile("tables", folder)])
    assert issue.message == "2.parquet: expected the columns of 1.parquet, where 'b' holds double, received string"


def test_parquet_in_a_zip_is_refused(zip_up, tmp_path):
    parquet.write_table(pa.table({"a": [1.0], "b": [2.0]}), tmp_path / "p")
    with pytest.raises(IssuesError, match=r"1.parquet: expected a Parquet file as it is"):
        inspect(zip_up({"1.parquet": (tmp_path / "p").read_bytes()}))


def test_a_zip_that_would_unpack_too_far_is_refused(zip_up, monkeypatch):
    monkeypatch.setattr("engine.data.library.folders.zip_container.RATIO_FROM_BYTES", 1 << 20)
    files = zip_up({f"{number}.csv": b"0,0\n" * (1 << 20) for number in range(3)})
    with pytest.raises(IssuesError) as caught:
        KIND.inspect(files, None)
    assert caught.value.code == "zip_bomb"


@pytest.mark.parametrize("pattern", ["march*", "*.parquet"])
def test_a_pattern_that_fits_no_file_is_refused_with_what_there_is(send, pattern):
    issue = first_issue(send(january_csv=JANUARY, february_csv=FEBRUARY), files=[pattern])
    assert issue.message == f"expected a file that fits '{pattern}', received 'january.csv', 'february.csv'"


def test_a_zip_member_that_is_damaged_is_named(zip_up):
    files = zip_up({"1.csv": JANUARY * 50, "2.csv": "".join(f"{row * 7919 % 1000},1\n" for row in range(3_000))})
    content = bytearray(files[0].path.read_bytes())
    place = content.index(b"2.csv") + 200
    content[place : place + 50] = bytes(50)
    files[0].path.write_bytes(content)
    issue = first_issue(files, header=False, files=["2.csv"])
    assert (issue.code, issue.message[:12]) == ("broken_packing", "2.csv: after")
