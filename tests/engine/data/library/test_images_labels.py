"""Images whose classes stand in a CSV file."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from engine.data.library.array_folder import ArrayFolder
from engine.data.library.images.kind import KIND
from engine.data.library.kinds import GivenFile
from engine.data.library.manifest import Definition, Inspection
from engine.errors import IssuesError
from tests.engine.data.library.image_files import make, paint, refuse, write_folder, write_zip

PICTURES = {f"images/{number}.png": paint(number) for number in range(6)}
COLUMN_OPTIONS = ("file_column", "label_column", "part_column")
ROWS = "file,label\n" + "".join(f"images/{number}.png,{'ab'[number % 2]}\n" for number in range(6))


def find_faults(table: str | bytes, folder: Path, **options: JsonValue) -> Inspection:
    """What the first look says of a table of labels that preparing refuses."""
    data = table if isinstance(table, bytes) else table.encode()
    files = [write_zip(folder / "a.zip", PICTURES | {"labels.csv": data})]
    inspection = KIND.inspect(files, Definition(kind="images", options=options))
    arrays = ArrayFolder(folder / "set", inspection.definition.array_names)
    with pytest.raises(IssuesError) as caught:
        KIND.prepare(files, inspection.definition, arrays, lambda _: None)
    assert caught.value.issues == inspection.issues
    return inspection


def list_properties(inspection: Inspection) -> dict[str, Any]:
    """What a form asks for."""
    properties: Any = inspection.choices["properties"]
    return dict(properties)


def list_offered(inspection: Inspection) -> dict[str, list[str]]:
    """The columns that a form offers, by the option that names one."""
    properties = list_properties(inspection)
    return {option: properties[option]["anyOf"][0]["enum"] for option in COLUMN_OPTIONS if option in properties}


def test_a_table_beside_the_images_says_what_they_are(tmp_path):
    made = make([write_zip(tmp_path / "a.zip", PICTURES | {"labels.csv": ROWS.encode()})], tmp_path / "set")

    assert made.inspection.definition.options["labels"] == "labels.csv"
    assert made.prepared.targets[0].class_names == ["a", "b"]
    assert made.prepared.fields[1].class_counts == [3, 3]


def test_a_table_may_be_a_file_of_its_own(tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text(ROWS)

    made = make([write_folder(tmp_path / "in", PICTURES), GivenFile("mine.csv", table)], tmp_path / "set")

    assert made.prepared.samples == 6


@pytest.mark.parametrize(
    "table",
    [
        "\ufeffFile;Label\r\n" + "".join(f"{number}.png;{'ab'[number % 2]}\r\n" for number in range(6)),
        "id\tclass\n" + "".join(f"{number}\t{'ab'[number % 2]}\n" for number in range(6)),
        'label,"filename"\n' + "".join(f'"{"ab"[number % 2]}",  .\\images\\{number}.png\n\n' for number in range(6)),
    ],
)
def test_tables_are_understood_as_people_write_them(tmp_path, table):
    files = [write_zip(tmp_path / "a.zip", PICTURES | {"Labels.csv": table.encode()})]

    assert KIND.inspect(files, None).fields[1].class_counts == [3, 3]


def test_a_column_may_say_which_images_are_for_the_test(tmp_path):
    rows = "file,label,split\n" + "".join(
        f"{number}.png,{'ab'[number % 2]},{'test' if number > 3 else 'Train'}\n" for number in range(6)
    )

    made = make([write_zip(tmp_path / "a.zip", PICTURES | {"labels.csv": rows.encode()})], tmp_path / "set")

    assert (made.prepared.samples, made.prepared.test_samples) == (4, 2)


def test_images_without_a_label_are_told(tmp_path):
    pictures = PICTURES | {"images/99.png": paint(99), "labels.csv": ROWS.encode()}

    made = make([write_zip(tmp_path / "a.zip", pictures)], tmp_path / "set")

    assert (made.prepared.samples, made.codes) == (6, {"without_label"})


def test_folders_count_where_somebody_wants_no_table(tmp_path):
    pictures = {f"{name}/{number}.png": paint(number) for number, name in enumerate("abab")}
    files = [write_zip(tmp_path / "a.zip", pictures | {"labels.csv": b"nonsense"})]

    assert KIND.inspect(files, None).issues[0].code == "missing_column"
    assert KIND.inspect(files, Definition(kind="images", options={"labels": ""})).samples == 4


@pytest.mark.parametrize(
    ("table", "code", "said"),
    [
        (ROWS + "images/7.png,a\n", "wrong_row", "row 8: there is no image 'images/7.png'"),
        (ROWS + "../../etc/passwd,a\n", "wrong_row", "row 8: there is no image"),
        (ROWS + "images/0.png,b\n", "wrong_row", "row 8: the file 'images/0.png' was in an earlier row with 'a'"),
        (ROWS.replace("3.png,b", "3.png,"), "wrong_row", "row 5: the label is empty"),
        (ROWS.replace("3.png,b", "3.png"), "ragged_row", "row 5: expected 2 cells as in the first row, received 1"),
        (ROWS.replace("3.png,b", '3.png,"b'), "wrong_row", "row 5: the label has several lines"),
        ("file,label,part\n0.png,a,later\n", "wrong_row", "row 2: the part is 'later'"),
        ("file,its name\n", "missing_column", "no column with a usual name (label, class, category, target, labels)"),
        ("", "empty_file", "expected a table"),
        ("file,label\n", "no_training_images", "training"),
        (ROWS.replace(",b", ",a"), "one_class", "'a'"),
        ("file,label\n0.png," + "a" * 300, "wrong_row", "300 characters"),
        ("file,label\n0.png," + "a" * 200_000, "long_cell", "row 2"),
    ],
)
def test_a_wrong_table_is_refused_with_its_row(tmp_path, table, code, said):
    fault = find_faults(table, tmp_path).issues[0]

    assert fault.code == code
    assert said in fault.message
    assert "labels.csv" in fault.message or code in ("one_class", "no_training_images")


def test_a_table_may_be_in_another_encoding(tmp_path):
    table = ROWS.replace(",b", ",bär").encode("latin-1")

    made = make([write_zip(tmp_path / "a.zip", PICTURES | {"labels.csv": table})], tmp_path / "set", encoding="cp1252")

    assert made.prepared.targets[0].class_names == ["a", "bär"]


def test_an_encoding_that_does_not_fit_is_refused_with_the_line(tmp_path):
    fault = find_faults(ROWS.replace("3.png,b", "3.png,bär").encode("latin-1"), tmp_path, encoding="utf-8").issues[0]

    assert (fault.argument, "line 5, byte" in fault.message) == ("options.encoding", True)


def test_columns_of_any_name_can_be_chosen(tmp_path):
    rows = "Datei|Art|Zweck\n" + "".join(
        f"{number}.png|{'ab'[number % 2]}|{'test' if number > 3 else 'train'}\n" for number in range(6)
    )
    missing = find_faults(rows, tmp_path)
    assert missing.issues[0].argument == "options.file_column"
    assert list_offered(missing) == {option: ["Datei", "Art", "Zweck"] for option in COLUMN_OPTIONS}

    chosen: dict[str, JsonValue] = {"file_column": "Datei", "label_column": "Art", "part_column": "Zweck"}
    files = [write_zip(tmp_path / "a.zip", PICTURES | {"labels.csv": rows.encode()})]
    made = make(files, tmp_path / "made", Definition(kind="images", options=chosen))

    assert made.inspection.definition.options.items() >= chosen.items()
    assert (made.prepared.samples, made.prepared.test_samples) == (4, 2)


def test_a_column_that_is_not_there_is_told(tmp_path):
    fault = find_faults(ROWS, tmp_path, label_column="Art").issues[0]

    assert (fault.code, fault.argument) == ("missing_column", "options.label_column")
    assert "no column 'Art'; received 'file', 'label'" in fault.message


def test_the_encoding_of_a_table_that_cannot_be_read_may_be_said(tmp_path):
    inspection = find_faults("", tmp_path)

    assert list_offered(inspection) == {}
    assert "encoding" in list_properties(inspection)


def test_nobody_is_asked_for_columns_without_a_table(tmp_path):
    files = [write_zip(tmp_path / "a.zip", {f"{name}/{number}.png": paint(number) for number, name in enumerate("ab")})]

    inspection = KIND.inspect(files, None)
    assert list_offered(inspection) == {}
    assert "encoding" not in list_properties(inspection)


def test_a_name_that_two_images_have_is_refused(tmp_path):
    pictures = {"x/1.png": paint(1), "y/1.png": paint(2), "labels.csv": b"file,label\n1.png,a\nx/1.png,b\n"}

    inspection = KIND.inspect([write_zip(tmp_path / "a.zip", pictures)], None)

    assert "row 2: 2 images are named '1.png'" in inspection.issues[0].message


def test_many_wrong_rows_are_named_but_not_all(tmp_path):
    table = "file,label\n" + "".join(f"no{number}.png,a\n" for number in range(500))

    assert len(find_faults(table, tmp_path).issues) == 20


def test_a_table_that_is_not_there_is_told(tmp_path):
    error = refuse([write_zip(tmp_path / "a.zip", PICTURES)], labels="other.csv")

    assert (error.code, "'other.csv'" in error.message) == ("missing_file", True)
