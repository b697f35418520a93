"""How a person may say a table is to be read."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, model_validator

from engine.data.library.encodings import Encoding

ColumnType = Literal["number", "category", "date", "text", "skip"]
Encode = Literal["one_hot", "index", "raw"]
DatePart = Literal[
    "seconds", "year", "quarter", "month", "iso_week", "day", "day_of_year", "day_of_week", "hour", "minute", "second"
]
"""Seconds since the first date, and what Arrow's functions of these names say of a date: Monday is day 0 of a week."""

ISO = "ISO 8601"
"""The format of dates such as 2024-01-31, 2024-01-31 23:59 and 2024-01-31T23:59:59.5+01:00."""

MissingRows = Literal["refuse", "drop", "fill"]

USUAL_MISSING = ("", "NA", "N/A", "n/a", "NaN", "nan", "-nan", "NULL", "null", "None", "none", "?", "-", "#N/A", "<NA>")


def _check_delimiter(delimiter: str) -> str:
    if not delimiter.isascii() or delimiter.isalnum() or delimiter in '\r\n\0"':
        raise ValueError(f"expected one ASCII character such as , ; | or a tab, received {delimiter!r}")
    return delimiter


def _check_format(form: str) -> str:
    if form != ISO and "%" not in form:
        raise ValueError(f"expected {ISO!r} or a format such as %d.%m.%Y %H:%M, received {form!r}")
    return form


class ColumnChoice(BaseModel):
    """What a column is.

    A category becomes one number per value, or its label's number (`index`, for an Embedding). What is `raw` is an
    array of its own, as it stands in the file: layers of the model prepare it. A text always is. A date becomes a
    number for each of its `parts`; `format` says how it is written, in the words of strptime.
    """

    model_config = ConfigDict(extra="forbid")

    type: ColumnType
    encode: Encode | None = None
    parts: Annotated[list[DatePart], Field(min_length=1, max_length=11)] | None = None
    format: Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_check_format)] | None = None

    @property
    def is_open(self) -> bool:
        """Whether the column has to be looked at before it can be read."""
        return self.type == "date" and (self.parts is None or self.format is None)

    @property
    def is_raw(self) -> bool:
        """Whether an array is made of this column alone."""
        return self.type == "text" or self.encode == "raw"

    def settle(self, raw: bool) -> "ColumnChoice":
        """With what is left open: `raw` is what the table's options say of all columns."""
        if self.encode is not None:
            return self
        return self.model_copy(update={"encode": "raw" if raw or self.type == "text" else "one_hot"})


class TableOptions(BaseModel):
    """What is None is found out. A Parquet file has no need of the first five.

    `missing` are the texts that say that there is no value. `missing_rows` says what happens to a row in which a value
    is missing: the table is refused, the row is dropped, or inputs are filled with the column's mean or most frequent
    value (a row without a target is dropped then: nobody can learn from it). `raw` makes an array of each column, as it
    stands in the file. With `series` a column may be an input and a target. `columns` corrects what columns are.
    """

    model_config = ConfigDict(extra="forbid")

    delimiter: Annotated[str, Field(min_length=1, max_length=1), AfterValidator(_check_delimiter)] | None = None
    quote: Literal['"', "'", ""] | None = None
    header: bool | None = None
    encoding: Encoding | None = None
    decimal: Literal[".", ","] | None = None
    missing: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=100)] = list(USUAL_MISSING)
    missing_rows: MissingRows = "refuse"
    raw: Annotated[
        bool,
        Field(
            description="Each column becomes an array of its own, as it stands in the file, for layers of the model to"
            " prepare: Normalization, StringLookup, TextVectorization."
        ),
    ] = False
    series: Annotated[
        bool,
        Field(
            description="The rows are in the order of time, and the model is to predict what comes next: a column may"
            " be an input and a target. Cut windows of it before training (the step `windows`)."
        ),
    ] = False
    shuffle: Annotated[
        bool,
        Field(description="The samples come into a mixed order, once and for all, as where they are sorted by class."),
    ] = False
    seed: Annotated[int, Field(ge=0, lt=2**32, description="Of the mixed order: the same seed gives the same one.")] = 0
    files: Annotated[
        list[Annotated[str, Field(max_length=500)]],
        Field(
            max_length=100,
            description="Which of several files are read, by their names or by patterns such as 2024-*.csv; all where"
            " nothing is said. They need the same columns.",
        ),
    ] = []
    file_column: Annotated[
        bool, Field(description="A column more says in which file a row is, as where there is a file for each class.")
    ] = False
    columns: Annotated[dict[str, ColumnChoice], Field(max_length=10_000)] = {}

    @model_validator(mode="after")
    def _refuse_equal_marks(self) -> "TableOptions":
        if self.quote and self.quote == self.delimiter:
            raise ValueError(f"expected a quote other than the delimiter, received {self.quote!r} for both")
        if self.shuffle and self.series:
            raise ValueError("expected rows in the order of time for a series, received `shuffle` as well")
        return self


def describe_options(several_files: bool) -> dict[str, JsonValue]:
    """Their JSON schema, for a form: without what only several files need, where there is one."""
    schema = TableOptions.model_json_schema()
    if not several_files:
        for name in ("files", "file_column"):
            del schema["properties"][name]
    return schema
