"""Tables as people have them, looked at and prepared: what comes out is what was in the file."""

import csv
import io
import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from engine.data.library.array_folder import ArrayFolder
from engine.data.library.kinds import GivenFile
from engine.data.library.manifest import ArrayPlan, Definition
from engine.data.library.table import csv_table
from engine.data.library.table.kind import KIND
from engine.errors import IssuesError

FLOWERS = "".join(
    f"{length},{['red', 'blue'][row % 2]},{['setosa', 'virginica', 'versicolor'][row % 3]}\n"
    for row, length in enumerate(np.linspace(0.5, 12, 24))
)


@pytest.fixture
def write(tmp_path):
    """Writes a file and answers it as the library is given it."""

    def write_file(content, name="table.csv"):
        path = tmp_path / "given"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return [GivenFile(name, path)]

    return write_file


@pytest.fixture
def write_parquet(tmp_path):
    def write_file(columns, **options):
        path = tmp_path / "given"
        parquet.write_table(pa.table(columns) if isinstance(columns, dict) else columns, path, **options)
        return [GivenFile("table.parquet", path)]

    return write_file


@pytest.fixture
def prepare(tmp_path):
    """Prepares files; answers what is known of them and the arrays by name."""

    def prepare_files(files, definition=None, **options):
        definition = definition or KIND.inspect(files, None).definition
        definition = definition.model_copy(update={"options": {**definition.options, **options}})
        folder = ArrayFolder(tmp_path / "set", definition.array_names)
        prepared = KIND.prepare(files, definition, folder, lambda _: None)
        return prepared, folder.map()

    return prepare_files


def define(inputs, targets, **options):
    """Which columns are the input `features` and the target `target`."""
    return Definition(
        kind="table",
        options=options,
        inputs=[ArrayPlan(name="features", fields=inputs)],
        targets=[ArrayPlan(name="target", fields=targets)],
    )


def test_a_table_of_flowers_becomes_features_and_labels(write, prepare):
    files = write("length,colour,species\n" + FLOWERS)
    inspection = KIND.inspect(files, None)
    assert [plan.fields for plan in inspection.definition.inputs] == [["length", "colour"]]
    assert [plan.name for plan in inspection.definition.targets] == ["species"]
    assert inspection.samples == 24
    assert inspection.rows[0] == {"length": "0.5", "colour": "red", "species": "setosa"}
    assert inspection.issues == []

    prepared, arrays = prepare(files)
    assert (prepared.task, prepared.samples) == ("classification", 24)
    assert arrays["features"].dtype == np.float32
    np.testing.assert_allclose(arrays["features"][:, 0], np.linspace(0.5, 12, 24, dtype=np.float32))
    np.testing.assert_array_equal(arrays["features"][:2, 1:], [[0, 1], [1, 0]])
    target = prepared.targets[0]
    assert (target.dtype, target.shape, target.classes) == ("int32", [], 3)
    assert target.class_names == ["setosa", "versicolor", "virginica"]
    assert arrays["species"].tolist()[:3] == [0, 2, 1]


def test_the_statistics_of_a_column_are_those_of_numpy(write, prepare):
    values = np.random.default_rng(0).normal(5, 3, 500)
    files = write("a,b\n" + "".join(f"{one!r},{place * 1.5}\n" for place, one in enumerate(values.tolist())))
    summary = prepare(files)[0].fields[0]
    assert [summary.minimum, summary.maximum, summary.mean, summary.std] == pytest.approx(
        [values.min(), values.max(), values.mean(), values.std()]
    )
    counts, edges = np.histogram(values, 20)
    assert summary.histogram.counts == counts.tolist()
    assert summary.histogram.edges == pytest.approx(edges)


def test_statistics_are_the_same_in_many_small_blocks(write, prepare, monkeypatch):
    rows = [f"{place % 7},{place * 0.25}\n" for place in range(5_000)]
    files = write("a,b\n" + "".join(rows))
    whole, arrays = prepare(files)
    kept = {name: np.array(array) for name, array in arrays.items()}
    monkeypatch.setattr(csv_table, "MIN_BLOCK", 512)
    pieces, arrays = prepare(files)
    for one, other in zip(whole.fields, pieces.fields, strict=True):
        assert one.model_dump(exclude={"mean", "std"}) == other.model_dump(exclude={"mean", "std"})
        assert (one.mean, one.std) == pytest.approx((other.mean, other.std))
    for name, array in kept.items():
        np.testing.assert_array_equal(arrays[name], array)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(write, delimiter):
    inspection = KIND.inspect(write(("length,colour,species\n" + FLOWERS).replace(",", delimiter)), None)
    assert inspection.definition.options["delimiter"] == delimiter
    assert [field.kind for field in inspection.fields] == ["number", "category", "category"]


def test_a_decimal_comma_is_found_out(write, prepare):
    files = write("länge;ziel\n" + "".join(f"{place},5;-{place},25\n" for place in range(30)))
    assert KIND.inspect(files, None).definition.options["decimal"] == ","
    arrays = prepare(files)[1]
    assert arrays["features"][3].tolist() == [3.5]
    assert arrays["ziel"][3] == -3.25


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_the_encoding_is_found_out(write, encoding):
    text = "Größe;Straße;Fluß\n" + "".join(
        f"{place};{['Köln', 'Düsseldorf', 'Nürnberg'][place % 3]} an der Straße;{'schön' if place % 2 else 'häßlich'}\n"
        for place in range(60)
    )
    inspection = KIND.inspect(write(text.encode(encoding)), None)
    assert [field.name for field in inspection.fields] == ["Größe", "Straße", "Fluß"]
    assert inspection.fields[2].classes == ["häßlich", "schön"]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_system(write, prepare, ends):
    files = write(("a,b\n" + "".join(f"{place},{place * 2.5}\n" for place in range(30))).replace("\n", ends))
    assert prepare(files)[1]["b"].tolist() == [place * 2.5 for place in range(30)]


def test_a_cell_in_quotes_may_hold_delimiters_quotes_and_lines(write, prepare):
    cells = ["one,\ntwo", 'say "no"', "=1+1", "@SUM(A1)", "日本語 عربى 🌊"]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["x", "cell"])
    writer.writerows([[row, cells[row % 5]] for row in range(50)])
    prepared, arrays = prepare(write(text.getvalue()))
    assert prepared.targets[0].class_names == sorted(cells)
    assert [prepared.targets[0].class_names[label] for label in arrays["cell"][:5]] == cells


def test_a_table_without_header_is_told_by_its_numbers(write, prepare):
    files = write("".join(f"{place},{place * 2},{place % 2}\n" for place in range(40)))
    inspection = KIND.inspect(files, None)
    assert inspection.definition.options["header"] is False
    assert [field.name for field in inspection.fields] == ["column 1", "column 2", "column 3"]
    prepared, arrays = prepare(files)
    assert prepared.task == "binary_classification"
    assert arrays["target"].tolist() == [place % 2 for place in range(40)]


def test_labels_that_are_numbers_are_sorted_as_numbers(write, prepare):
    prepared = prepare(write("x,y\n" + "".join(f"{place},{place % 12}\n" for place in range(120))))[0]
    assert prepared.targets[0].class_names == [str(label) for label in range(12)]


def test_a_number_as_target_is_a_regression_and_several_lie_side_by_side(write, prepare):
    files = write("x,y,z\n" + "".join(f"{place},{place * 1.5},{place * -0.5}\n" for place in range(30)))
    assert prepare(files)[0].task == "regression"
    prepared, arrays = prepare(files, define(["x"], ["y", "z"]))
    assert prepared.targets[0].shape == [2]
    assert arrays["target"][2].tolist() == [3.0, -1.0]


def test_a_category_can_be_an_index_for_an_embedding(write, prepare):
    columns = {"colour": {"type": "category", "encode": "index"}, "species": {"type": "category"}}
    prepared, arrays = prepare(
        write("length,colour,species\n" + FLOWERS), define(["colour"], ["species"], columns=columns, header=True)
    )
    assert prepared.inputs[0].model_dump(exclude={"class_names"}) == {
        "name": "features", "shape": [1], "dtype": "int32", "classes": 2,
    }  # fmt: skip
    assert arrays["features"][:3, 0].tolist() == [1, 0, 1]


def test_a_correction_is_believed(write, prepare):
    files = write("zip,price\n" + "".join(f"{10_000 + place % 4},{place * 3.5}\n" for place in range(40)))
    corrected = define(["zip"], ["price"], columns={"zip": {"type": "category"}})
    inspection = KIND.inspect(files, corrected)
    assert inspection.fields[0].classes == ["10000", "10001", "10002", "10003"]
    assert prepare(files, inspection.definition)[1]["features"].shape == (40, 4)


def test_columns_that_only_count_the_rows_or_have_a_word_of_their_own_in_each_are_not_proposed(write):
    text = ",code,score,price\n" + "".join(
        f"{place},code-{place},{place % 9}.5,{place * 2.25}\n" for place in range(60)
    )
    inspection = KIND.inspect(write(text), None)
    assert inspection.definition.inputs[0].fields == ["score"]
    assert [field.kind for field in inspection.fields] == ["number", "text", "number", "number"]
    assert {issue.code for issue in inspection.issues} == {"column_renamed", "column_skipped", "column_not_proposed"}
    assert {issue.severity for issue in inspection.issues} == {"warning"}


MISSING = "x,colour,y\n1,red,1.5\n,red,2.5\n3,NA,3.5\n5,blue,\n6,red,7\n"


def test_missing_values_are_refused_unless_something_else_is_said(write, prepare):
    files = write(MISSING)
    warned = {issue.message[:10] for issue in KIND.inspect(files, None).issues if issue.code == "missing_values"}
    assert len(warned) == 3
    with pytest.raises(IssuesError, match=r"table.csv: row 3, column 'x': expected a value, received ''"):
        prepare(files)


def test_rows_with_missing_values_can_be_dropped(write, prepare):
    prepared, arrays = prepare(write(MISSING), missing_rows="drop")
    assert prepared.samples == 2
    assert arrays["y"].tolist() == [1.5, 7]
    assert [note.message for note in prepared.notes] == ["3 of 5 rows were dropped: a value is missing in them"]


def test_missing_inputs_can_be_filled_but_a_target_is_not_made_up(write, prepare):
    prepared, arrays = prepare(write(MISSING), missing_rows="fill")
    assert arrays["y"].tolist() == [1.5, 2.5, 3.5, 7]
    assert arrays["features"].tolist() == [[1, 0, 1], [3.75, 0, 1], [3, 0, 1], [6, 0, 1]]
    assert [field.missing for field in prepared.fields] == [1, 1, 1]


def test_blank_lines_are_passed_over_and_rows_keep_their_numbers(write, prepare):
    lines = ["a,b", "", "1,2.5", "", *[f"{place},{place}.25" for place in range(30)], "x,5", "", ""]
    with pytest.raises(IssuesError, match=r"row 35, column 'a': expected a number, received 'x'"):
        prepare(write("\n".join(lines)))
    assert prepare(write("\n".join(lines[:-3])))[0].samples == 31


def test_parquet_is_read_with_its_types(write_parquet, prepare):
    count = 50
    files = write_parquet(
        {
            "whole": pa.array(range(count), pa.int16()),
            "half": pa.array([place / 2 for place in range(count)], pa.float32()),
            "money": pa.array([place * 100 for place in range(count)]).cast(pa.decimal128(25, 2)),
            "flag": pa.array([place % 2 == 0 for place in range(count)]),
            "word": pa.array([["a", "b"][place % 2] for place in range(count)]).dictionary_encode(),
            "list": pa.array([[place] for place in range(count)]),
            "day": pa.array(range(count), pa.timestamp("s")),
            "label": pa.array([["x", "y", "z"][place % 3] for place in range(count)], pa.large_string()),
        },
        row_group_size=7,
    )
    inspection = KIND.inspect(files, None)
    json.dumps(inspection.model_dump(mode="json"), allow_nan=False)
    assert inspection.samples == count
    assert [field.kind for field in inspection.fields][:5] == ["number", "number", "number", "category", "category"]
    skipped = [issue.argument for issue in inspection.issues if issue.code == "column_skipped"]
    assert skipped == ["options.columns.list"]
    definition = define(["half", "money", "flag", "word"], ["label"], columns=inspection.definition.options["columns"])
    prepared, arrays = prepare(files, definition)
    assert arrays["features"][3].tolist() == [1.5, 300, 1, 0, 0, 1]
    assert [prepared.targets[0].class_names[label] for label in arrays["target"][:4]] == ["x", "y", "z", "x"]


def test_missing_numbers_of_parquet_are_nulls_and_nan(write_parquet, prepare):
    files = write_parquet({"x": pa.array([1.0, None, float("nan"), 3.0]), "y": pa.array([1.5, 2.5, 3.5, 4.5])})
    prepared, arrays = prepare(files, missing_rows="fill")
    assert arrays["features"].tolist() == [[1], [2], [2], [3]]
    assert prepared.fields[0].missing == 2


def test_progress_goes_from_nothing_to_everything(write, tmp_path, monkeypatch):
    monkeypatch.setattr(csv_table, "MIN_BLOCK", 512)
    files = write("a,b\n" + "".join(f"{place},{place}.5\n" for place in range(20_000)))
    definition = KIND.inspect(files, None).definition
    told: list[float] = []
    KIND.prepare(files, definition, ArrayFolder(tmp_path / "set", definition.array_names), told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    assert len(told) > 10


def test_whoever_is_told_of_progress_can_end_the_work(write, tmp_path):
    class EnoughError(Exception):
        pass

    def end(share):
        raise EnoughError

    files = write("a,b\n" + "".join(f"{place},{place}.5\n" for place in range(50)))
    definition = KIND.inspect(files, None).definition
    with pytest.raises(EnoughError):
        KIND.prepare(files, definition, ArrayFolder(tmp_path / "set", definition.array_names), end)


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20).map(
    str.strip
)
WORDS = CELL.filter(lambda text: text not in {"", "?", "-"})
ROWS = st.lists(st.tuples(st.floats(width=32, allow_nan=False, allow_infinity=False), WORDS), min_size=2, max_size=40)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, delimiter=st.sampled_from(",;\t|"), ends=st.sampled_from(["\n", "\r\n"]), as_parquet=st.booleans())
def test_whatever_table_is_written_comes_back(tmp_path_factory, rows, delimiter, ends, as_parquet):
    rows = [*rows, (0.0, "first label"), (1.5, "second label")]
    folder = tmp_path_factory.mktemp("table")
    path = folder / "given"
    if as_parquet:
        parquet.write_table(pa.table({"x": [x for x, _ in rows], "word": [word for _, word in rows]}), path)
    else:
        with path.open("w", newline="", encoding="utf-8") as opened:
            writer = csv.writer(opened, delimiter=delimiter, lineterminator=ends, quoting=csv.QUOTE_ALL)
            writer.writerows([("x", "word"), *rows])
    columns = {"x": {"type": "number"}, "word": {"type": "category"}}
    definition = define(["x"], ["word"], delimiter=delimiter, header=True, encoding="utf-8", quote='"', decimal=".",
                        missing=[""], columns=columns)  # fmt: skip
    arrays = ArrayFolder(folder / "set", definition.array_names)
    prepared = KIND.prepare([GivenFile("table", path)], definition, arrays, lambda _: None)
    read = arrays.map()
    np.testing.assert_array_equal(read["features"][:, 0], np.array([x for x, _ in rows], np.float32))
    assert [prepared.targets[0].class_names[label] for label in read["target"]] == [word for _, word in rows]


def test_single_quotes_are_found_out(write, prepare):
    files = write("x,word\n" + "".join(f"{row}.5,'{'one, two' if row % 2 else 'three'}'\n" for row in range(40)))
    assert KIND.inspect(files, None).definition.options["quote"] == "'"
    assert prepare(files)[0].targets[0].class_names == ["one, two", "three"]


def test_quotes_can_be_taken_as_they_are(write, prepare):
    files = write("size,word\n" + "".join(f'{row}.5,{row % 3}" disk\n' for row in range(40)))
    assert prepare(files, quote="")[0].targets[0].class_names == ['0" disk', '1" disk', '2" disk']


def test_a_definition_goes_there_and_back_and_stays_what_it_is(write):
    files = write("length,colour,species\n" + FLOWERS)
    first = KIND.inspect(files, None)
    assert KIND.inspect(files, first.definition) == first


def test_what_was_settled_for_another_delimiter_gives_way_to_new_proposals(write):
    files = write("length;colour;species\n" + FLOWERS.replace(",", ";"))
    wrong = KIND.inspect(files, Definition(kind="table", options={"delimiter": ","}))
    assert "one_column" in [issue.code for issue in wrong.issues]
    options = {**wrong.definition.options, "delimiter": ";"}
    right = KIND.inspect(files, wrong.definition.model_copy(update={"options": options}))
    assert right.issues == []
    assert right.definition.inputs[0].fields == ["length", "colour"]
    assert right.definition.targets[0].fields == ["species"]


def test_a_target_that_is_chosen_anew_leaves_the_inputs_by_itself(write):
    files = write("length,colour,species\n" + FLOWERS)
    chosen = Definition(kind="table", targets=[ArrayPlan(name="colour", fields=["colour"])])
    inspection = KIND.inspect(files, chosen)
    assert inspection.definition.inputs[0].fields == ["length", "species"]
    assert inspection.definition.targets == chosen.targets
