"""Images whose classes stand in a CSV file."""

import pytest

from engine.data.library.images.kind import KIND
from engine.data.library.kinds import GivenFile
from engine.data.library.manifest import Definition
from tests.engine.data.library.image_files import make, paint, refuse, write_folder, write_zip

PICTURES = {f"images/{number}.png": paint(number) for number in range(6)}
ROWS = "file,label\n" + "".join(f"images/{number}.png,{'ab'[number % 2]}\n" for number in range(6))


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

    assert refuse(files).code == "missing_column"
    assert KIND.inspect(files, Definition(kind="images", options={"labels": ""})).samples == 4


@pytest.mark.parametrize(
    ("table", "code", "said"),
    [
        (ROWS + "images/7.png,a\n", "wrong_row", "row 8: there is no image 'images/7.png'"),
        (ROWS + "../../etc/passwd,a\n", "wrong_row", "row 8: there is no image"),
        (ROWS + "images/0.png,b\n", "wrong_row", "row 8: the file 'images/0.png' was in an earlier row with 'a'"),
        (ROWS.replace("3.png,b", "3.png,"), "wrong_row", "row 5: the label is empty"),
        (ROWS.replace("3.png,b", "3.png"), "ragged_row", "row 5: expected 2 columns, received 1"),
        (ROWS.replace("3.png,b", '3.png,"b'), "broken_csv", "row 5"),
        ("file,label,part\n0.png,a,later\n", "wrong_row", "row 2: the part is 'later'"),
        ("file,name of it\n", "missing_column", "no column 'label'; received 'file', 'name of it'"),
        ("", "missing_column", "no columns"),
        ("file,label\n", "no_training_images", "training"),
        (ROWS.replace(",b", ",a"), "one_class", "'a'"),
        ("file,label\n0.png," + "a" * 300, "wrong_row", "300 characters"),
        ("file,label\n0.png," + "a" * 200_000, "broken_csv", "row 2"),
    ],
)
def test_a_wrong_table_is_refused_with_its_row(tmp_path, table, code, said):
    error = refuse([write_zip(tmp_path / "a.zip", PICTURES | {"labels.csv": table.encode()})])

    assert error.code == code
    assert said in error.message
    assert "'labels.csv'" in error.message or code in ("one_class", "no_training_images")


def test_a_table_in_another_encoding_is_refused_with_the_row(tmp_path):
    table = ROWS.replace("5.png,b", "5.png,bär").encode("latin-1")

    error = refuse([write_zip(tmp_path / "a.zip", PICTURES | {"labels.csv": table})])

    assert (error.code, "row 7: byte 0xe4" in error.message) == ("wrong_encoding", True)


def test_a_name_that_two_images_have_is_refused(tmp_path):
    pictures = {"x/1.png": paint(1), "y/1.png": paint(2), "labels.csv": b"file,label\n1.png,a\nx/1.png,b\n"}

    error = refuse([write_zip(tmp_path / "a.zip", pictures)])

    assert "row 2: 2 images are named '1.png'" in error.message


def test_many_wrong_rows_are_named_but_not_all(tmp_path):
    table = "file,label\n" + "".join(f"no{number}.png,a\n" for number in range(500))

    assert len(refuse([write_zip(tmp_path / "a.zip", PICTURES | {"labels.csv": table.encode()})]).issues) == 20


def test_a_table_that_is_not_there_is_told(tmp_path):
    error = refuse([write_zip(tmp_path / "a.zip", PICTURES)], labels="other.csv")

    assert (error.code, "'other.csv'" in error.message) == ("missing_file", True)
