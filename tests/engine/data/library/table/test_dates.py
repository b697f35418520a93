"""Columns of dates become numbers that a model takes."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from engine.data.library.array_folder import ArrayFolder
from engine.data.library.kinds import GivenFile
from engine.data.library.manifest import Definition
from engine.data.library.table.kind import KIND
from engine.data.library.table.options import TableOptions
from engine.errors import IssuesError

START = datetime(2024, 1, 30, tzinfo=UTC)
DAYS = [START + timedelta(days=7 * place, hours=place % 24) for place in range(60)]


def write_table(form):
    return "when,price\n" + "".join(f"{day.strftime(form)},{place}.5\n" for place, day in enumerate(DAYS))


def say(**columns):
    return Definition(kind="table", options={"columns": columns})


@pytest.fixture
def prepare(tmp_path):
    def prepare_files(files, said=None, **options):
        definition = KIND.inspect(files, said).definition
        definition = definition.model_copy(update={"options": {**definition.options, **options}})
        folder = ArrayFolder(tmp_path / "set", definition.array_names)
        return KIND.prepare(files, definition, folder, lambda _: None), folder.map()

    return prepare_files


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S+00:00", "%Y-%m-%d %H:%M:%S.123456789",
        "%d.%m.%Y", "%d.%m.%y", "%m/%d/%Y", "%d/%m/%Y %H:%M", "%Y/%m/%d %H:%M:%S", "%d-%b-%Y", "%m/%d/%Y %I:%M %p",
    ],
)  # fmt: skip
def test_dates_are_recognised_and_become_numbers(write, prepare, form):
    files = write(write_table(form))
    found = KIND.inspect(files, None)
    parts = TableOptions.model_validate(found.definition.options).columns["when"].parts
    assert parts is not None
    assert found.fields[0].kind == "date"
    assert parts[:5] == ["seconds", "year", "month", "day", "day_of_week"]
    assert (parts[5:] == ["hour"]) == ("%H" in form or "%I" in form)

    _, arrays = prepare(files)
    features = arrays["features"]
    assert features[:, 1:5].tolist() == [[day.year, day.month, day.day, day.weekday()] for day in DAYS]
    if parts[5:]:
        assert features[:, 5].tolist() == [day.hour for day in DAYS]
    first = DAYS[0] if parts[5:] else DAYS[0].replace(hour=0)
    expected = [((day if parts[5:] else day.replace(hour=0)) - first).total_seconds() for day in DAYS]
    np.testing.assert_allclose(features[:, 0], np.array(expected, "float32"), atol=2)


def test_dates_of_parquet_become_numbers(tmp_path, prepare):
    days = pa.array([day.date() for day in DAYS])
    moments = pa.array(DAYS, pa.timestamp("ns", "UTC"))
    parquet.write_table(pa.table({"day": days, "moment": moments, "y": np.arange(60.0)}), tmp_path / "p")
    files = [GivenFile("table.parquet", tmp_path / "p")]
    assert [field.kind for field in KIND.inspect(files, None).fields] == ["date", "date", "number"]
    _, arrays = prepare(
        files, say(day={"type": "date", "parts": ["month"]}, moment={"type": "date", "parts": ["hour"]})
    )
    assert arrays["features"].tolist() == [[day.month, day.hour] for day in DAYS]


def test_the_parts_of_a_date_can_be_chosen(write, prepare):
    parts = ["quarter", "iso_week", "day_of_year"]
    prepared, arrays = prepare(write(write_table("%Y-%m-%d")), say(when={"type": "date", "parts": parts}))
    assert prepared.inputs[0].shape == [3]
    assert arrays["features"].tolist() == [
        [(day.month + 2) // 3, day.isocalendar().week, day.timetuple().tm_yday] for day in DAYS
    ]


def test_a_format_can_be_said_also_for_what_looks_like_numbers(write, prepare):
    said = say(when={"type": "date", "format": "%Y%m%d", "parts": ["day"]})
    _, arrays = prepare(write(write_table("%Y%m%d")), said)
    assert arrays["features"][:, 0].tolist() == [day.day for day in DAYS]


def test_a_date_can_be_an_array_of_its_own(write, prepare):
    said = say(when={"type": "date", "encode": "raw", "parts": ["hour", "minute"]})
    prepared, _ = prepare(write(write_table("%Y-%m-%d %H:%M")), said)
    assert [(one.name, one.shape, one.dtype) for one in prepared.inputs] == [("when", [2], "float32")]


@pytest.mark.parametrize("form", ["%Y-%m", "%m/%Y", "%b %Y"])
def test_a_month_without_a_day_is_its_first(write, prepare, form):
    _, arrays = prepare(write(write_table(form)))
    assert arrays["features"][:, 1:4].tolist() == [[day.year, day.month, 1] for day in DAYS]


def test_two_readings_of_the_same_dates_are_told(write):
    rows = "".join(f"0{place % 9 + 1}/0{place % 7 + 1}/2024,{place}.5\n" for place in range(30))
    (issue,) = KIND.inspect(write("when,price\n" + rows), None).issues
    assert (issue.code, issue.severity, issue.argument) == ("several_readings", "warning", "options.columns.when")
    assert issue.message == "column 'when': its dates are read as %m/%d/%Y; all of them could be %d/%m/%Y, too"


def test_dates_of_a_series_are_no_proposed_inputs(write):
    found = KIND.inspect(write(write_table("%Y-%m-%d")), Definition(kind="table", options={"series": True}))
    assert [plan.fields for plan in found.definition.inputs] == [["price"]]


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ("%Y-%m-%d", "2024-02-30"), ("%Y-%m-%d", "tomorrow"), ("%d.%m.%Y", "31.02.2024"), ("%d.%m.%Y", "5.1.24"),
        ("%d-%b-%Y", "30-Feb-2024"),
    ],
)  # fmt: skip
def test_a_date_that_is_none_is_named_with_its_row(write, form, wrong):
    content = write_table(form).splitlines()
    content[40] = f"{wrong},1"
    issue = KIND.inspect(write("\n".join(content)), None).issues[0]
    assert (issue.code, issue.severity, issue.argument) == ("bad_cell", "error", "options.columns.when")
    assert issue.message.startswith("table.csv: row 41, column 'when': expected a date ")
    assert issue.message.endswith(f", received {wrong!r}")


def test_a_date_that_is_none_far_below_is_refused_while_the_table_is_prepared(write, prepare):
    rows = "".join(f"2024-01-{place % 28 + 1:02},{place}.5\n" for place in range(15_000))
    files = write("when,price\n" + rows + "2024-13-01,1\n")
    with pytest.raises(IssuesError, match=r"table.csv: row 15,002, column 'when': expected a date .* '2024-13-01'"):
        prepare(files)


def test_missing_dates_are_told_and_can_be_filled_or_dropped(write, prepare):
    rows = [f"2024-01-{place % 2 * 10 + 5:02},{place}.5\n" for place in range(30)]
    files = write("when,price\n" + "".join([*rows, "NA,1\n"]))
    found = KIND.inspect(files, None)
    assert [issue.code for issue in found.issues] == ["missing_values"]
    assert "column 'when': 1 of the first 31 rows have no value" in found.issues[0].message
    with pytest.raises(IssuesError, match=r"table.csv: row 32, column 'when': expected a value"):
        prepare(files)
    assert prepare(files, missing_rows="drop")[0].samples == 30
    prepared, arrays = prepare(files, missing_rows="fill")
    assert prepared.fields[0].missing == 1
    assert arrays["features"][30, 1:].tolist() == [2024, 1, 10, 2], "the mean of the fifth and the fifteenth"


def test_seconds_that_float32_rounds_are_told(write, prepare):
    prepared, _ = prepare(write("when,price\n" + "".join(f"{1900 + place}-01-01,{place}.5\n" for place in range(60))))
    assert [issue.message for issue in prepared.notes] == [
        "column 'when' spans 21,549 days, so that float32 rounds its seconds to steps of 128"
    ]


@pytest.mark.parametrize("form", ["%", "%Q%Q", "d.m.y", "%" * 70])
def test_a_format_that_is_none_is_refused(write, form):
    said = say(when={"type": "date", "format": form})
    files = write(write_table("%d.%m.%Y"))
    try:
        issues = KIND.inspect(files, said).issues
    except IssuesError as error:
        issues = error.issues
    assert issues[0].code in {"invalid_option", "bad_cell"}
    assert (issues[0].argument or "").startswith("options.columns.when")


def test_words_that_are_said_to_be_dates_need_a_format(write):
    files = write("when,price\n" + "soon,1\nlater,2\n" * 20)
    issue = KIND.inspect(files, say(when={"type": "date"})).issues[0]
    assert (issue.code, issue.severity) == ("unknown_dates", "error")
