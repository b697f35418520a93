"""Columns of a table that stay as they are in the file: texts, and what layers of the model are to prepare."""

import pyarrow as pa
import pytest
from pyarrow import parquet

from engine.data import datasets
from engine.data.library.kinds import GivenFile
from engine.data.library.library import use_library
from engine.data.library.make import Naming, inspect, make
from engine.data.library.manifest import ArrayPlan, Definition
from engine.data.library.preview import preview_own
from engine.data.library.table.kind import KIND
from engine.data.library.table.options import ColumnChoice, TableOptions
from engine.data.library.table.proposals import name_input
from engine.errors import IssuesError

HEADER = "age,town,Größe in m,review,label\n"
TOWNS = ["Ulm", "Köln", "Ulm", "東京"]


def write_rows(count=40, last=""):
    return HEADER + "".join(
        f"{20 + row},{TOWNS[row % 4]},{1.5 + row / 100:.2f},review number {row} of the {TOWNS[row % 4]} kind,"
        f"{'yes' if row % 3 else 'no'}\n"
        for row in range(count)
    ) + last  # fmt: skip


@pytest.fixture
def write(tmp_path):
    def write_file(text=None, name="table.csv"):
        path = tmp_path / name
        path.write_text(write_rows() if text is None else text, encoding="utf-8")
        return [GivenFile(name, path)]

    return write_file


@pytest.fixture
def make_set(tmp_path):
    """Makes a data set of the library; answers its manifest."""
    use_library(tmp_path / "sets")

    def make_it(files, definition):
        folder = tmp_path / "sets" / "mine"
        folder.mkdir(parents=True)
        return make(files, definition, folder, Naming("mine", "Mine", "", []), lambda _: None)

    yield make_it
    use_library(None)


def choose(inputs, targets=("label",), **options):
    plans = ([ArrayPlan(name=name, fields=[name]) for name in names] for names in (inputs, targets))
    return Definition(kind="table", options=options, inputs=next(plans), targets=next(plans))


def test_a_column_of_texts_is_found_and_becomes_an_array_of_its_own(write):
    inspection = inspect(write())
    plans = {plan.name: plan.fields for plan in inspection.definition.inputs}
    assert plans == {"features": ["age", "town", "Größe in m"], "review": ["review"]}
    review = inspection.fields[3]
    assert (review.kind, review.unique, review.minimum) == ("text", 40, len("review number 3 of the 東京 kind"))
    assert inspection.issues == []


def test_with_raw_every_column_is_an_array_as_it_stands_in_the_file(write, make_set):
    manifest = make_set(write(), Definition(kind="table", options={"raw": True}))
    assert [(one.name, one.shape, one.dtype, one.classes) for one in manifest.inputs] == [
        ("age", [1], "float32", None),
        ("town", [], "string", 3),
        ("Gro_e_in_m", [1], "float32", None),
        ("review", [], "string", None),
    ]
    assert manifest.inputs[1].class_names == ["Köln", "Ulm", "東京"]
    dataset = datasets.load_dataset("mine")
    assert dataset.inputs["town"][:4].tolist() == TOWNS
    assert dataset.inputs["review"][39] == "review number 39 of the 東京 kind"
    assert dataset.inputs["age"][:2].tolist() == [[20], [21]]
    assert dataset.targets["label"].dtype == "int32"


def test_a_preview_shows_texts_shortened_and_what_is_known_of_them(write, make_set):
    long = "so long " * 400
    make_set(write(write_rows(last=f"99,Ulm,1.8,{long},no\n")), Definition(kind="table", options={"raw": True}))
    preview = preview_own("mine", 100)
    assert preview is not None
    assert preview.rows[1]["town"] == "Köln"
    assert preview.rows[1]["age"] == [21]
    assert len(str(preview.rows[40]["review"])) == 1_000
    town, review = preview.text_statistics
    assert [(one.text, one.count) for one in town.most_frequent] == [("Ulm", 21), ("Köln", 10), ("東京", 10)]
    assert (review.longest, review.unique, review.most_frequent) == (len(long.strip()), 41, [])
    assert {one.array for one in preview.statistics} == {"age", "Gro_e_in_m", "label"}


def test_a_missing_text_is_refused_unless_something_else_is_said(write, make_set):
    files = write(write_rows(last="99,,1.8,,no\n"))
    with pytest.raises(IssuesError, match=r"row 42, column 'town': expected a value, received ''"):
        make_set(files, Definition(kind="table", options={"raw": True}))


def test_a_missing_text_is_filled_with_nothing_and_a_missing_value_with_the_most_frequent(write, make_set):
    files = write(write_rows(last="99,,1.8,?,no\n"))
    make_set(files, Definition(kind="table", options={"raw": True, "missing_rows": "fill"}))
    dataset = datasets.load_dataset("mine")
    assert (dataset.inputs["town"][40], dataset.inputs["review"][40]) == ("Ulm", "")


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        (choose(["age"], ["review"], columns={"review": {"type": "text"}}), "text_as_target"),
        (
            Definition(
                kind="table",
                options={"columns": {"review": {"type": "text"}, "age": {"type": "number"}}},
                inputs=[ArrayPlan(name="both", fields=["age", "review"])],
                targets=[ArrayPlan(name="label", fields=["label"])],
            ),
            "mixed_texts",
        ),
    ],
)
def test_a_text_is_neither_a_target_nor_beside_numbers(write, make_set, definition, code):
    with pytest.raises(IssuesError) as caught:
        make_set(write(), definition)
    assert caught.value.code == code


def test_a_text_longer_than_a_text_may_be_is_named_with_its_row(write, make_set, monkeypatch):
    monkeypatch.setattr("engine.data.library.table.values.MAX_TEXT_LENGTH", 100)
    files = write(write_rows(last=f"99,Ulm,1.8,{'word ' * 30},no\n"))
    definition = choose(["review"], columns={"review": {"type": "text"}, "label": {"type": "category"}})
    with pytest.raises(IssuesError, match=r"row 42, column 'review': expected a text of at most 100 characters"):
        make_set(files, definition)


def test_texts_of_parquet_are_not_cut(tmp_path, make_set):
    texts = [f"{row} " + "word " * 300 for row in range(30)]
    parquet.write_table(pa.table({"review": texts, "y": [row % 2 for row in range(30)]}), tmp_path / "p")
    files = [GivenFile("table.parquet", tmp_path / "p")]
    definition = inspect(files).definition
    assert [plan.fields for plan in definition.inputs] == [["review"]]
    make_set(files, definition)
    assert datasets.load_dataset("mine").inputs["review"].tolist() == [text.strip() for text in texts]


def test_a_choice_that_leaves_the_encoding_open_follows_the_table(write):
    said = Definition(kind="table", options={"raw": True, "columns": {"age": {"type": "category"}}})
    settled = KIND.inspect(write(), said).definition.options
    assert TableOptions.model_validate(settled).columns["age"] == ColumnChoice(type="category", encode="raw")
    without = Definition(kind="table", options={"columns": {"age": {"type": "category"}}})
    assert (
        TableOptions.model_validate(KIND.inspect(write(), without).definition.options).columns["age"].encode
        == "one_hot"
    )


@pytest.mark.parametrize(
    ("column", "name"),
    [("town", "town"), ("Größe in m", "Gro_e_in_m"), ("2nd", "column_2nd"), ("東京", "column"), ("taken", "taken_2")],
)
def test_an_array_is_named_as_much_like_its_column_as_arrays_may_be(column, name):
    assert name_input(column, ["taken"]) == name
