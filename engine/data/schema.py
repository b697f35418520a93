"""Data sets described as data. Imports nothing heavy: the server serves these as they are."""

from typing import Literal

from pydantic import BaseModel, JsonValue

Task = Literal["classification", "binary_classification", "regression"]


class ArraySpec(BaseModel):
    """One array of a data set, `shape` without the sample dimension. `classes` counts labels where it holds labels."""

    name: str
    shape: list[int | None]
    dtype: str
    classes: int | None = None


class DatasetSummary(BaseModel):
    """A data set by name. `available` is False where its file is not in Keras's cache; then `reason` says why.

    `has_test_part` where it keeps samples apart that are never trained on. `arguments_schema` is the JSON schema of the
    arguments that a run's `data.arguments` may hold; samples and shapes here are those of their defaults.
    """

    name: str
    title: str
    source: str
    task: Task
    samples: int
    inputs: list[ArraySpec]
    targets: list[ArraySpec]
    available: bool = True
    reason: str | None = None
    download_bytes: int | None = None
    has_test_part: bool = False
    arguments_schema: dict[str, JsonValue] = {}


class ColumnStatistics(BaseModel):
    """A numeric array's range over all samples."""

    array: str
    minimum: float
    maximum: float
    mean: float
    std: float


class TextCount(BaseModel):
    """A text, shortened, and how many samples have it."""

    text: str
    count: int


class TextStatistics(BaseModel):
    """What an array of texts holds: lengths in characters, over all samples.

    `unique` counts different texts; it is None, and `most_frequent` empty, where there are too many to count.
    """

    array: str
    shortest: int
    longest: int
    mean_length: float
    empty: int
    unique: int | None = None
    most_frequent: list[TextCount] = []


class DatasetPreview(DatasetSummary):
    """The first rows and what they look like. `rows` has one dict per sample: array name to nested lists.

    Texts are shortened, and `text_statistics` are of the arrays that hold texts. `texts` has,
    for each array of word numbers, each row as a text; it is empty where the words are not on this machine, and
    `words_missing` then says why.
    """

    description: str
    rows: list[dict[str, JsonValue]]
    statistics: list[ColumnStatistics]
    class_names: list[str]
    class_counts: list[int]
    text_statistics: list[TextStatistics] = []
    texts: dict[str, list[str]] = {}
    words_missing: str | None = None
