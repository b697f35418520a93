"""What is kept about a data set of a person's own. Imports nothing heavy: the server reads and shows it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from engine.data.schema import ColumnStatistics, Task, TextStatistics
from engine.graph.issues import Issue

MANIFEST_NAME = "manifest.json"
"""The file in a data set's folder. It is written last, so a folder without one was never finished."""

Kind = Literal["table", "arrays", "images", "texts"]
"""`table` is CSV, TSV or Parquet; `arrays` is npy, npz or HDF5; `images` and `texts` are a folder
or zip with a class per folder."""

FieldKind = Literal["number", "category", "date", "text", "image", "array"]
SetName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
"""The name by which a run's config names the data set; also the name of its folder."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
ShortText = Annotated[str, Field(max_length=500)]


class Part(BaseModel):
    """Unknown keys are errors: these travel over HTTP."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class StoredFile(Part):
    """A file that was uploaded, as its sender named it, stored by its content."""

    name: Annotated[str, Field(min_length=1, max_length=255)]
    sha256: Sha256
    size: Annotated[int, Field(ge=0)]


class PlacedFile(Part):
    """A file or folder on the server's machine, read where it lies."""

    path: Annotated[str, Field(min_length=1, max_length=4096)]


class Histogram(Part):
    """How many values lie between each two `edges`, the last one included."""

    edges: list[float]
    counts: list[int]


class FieldSummary(Part):
    """A column, array or folder of images, as it is in the file: over all samples in a manifest, over those that were
    looked at in an inspection.

    `shape` is that of one sample. `classes` are the values of a category in the order of their labels, the most
    frequent 1,000 at most; `class_counts` how often each is there. Statistics are of numbers, without the missing ones,
    of the lengths of texts in characters, or of dates in seconds since 1970.
    """

    name: ShortText
    kind: FieldKind
    shape: list[int | None] = []
    dtype: ShortText
    missing: Annotated[int, Field(ge=0)] = 0
    unique: Annotated[int, Field(ge=0)] | None = None
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    std: float | None = None
    histogram: Histogram | None = None
    classes: list[ShortText] = []
    class_counts: list[int] = []


class ArrayPlan(Part):
    """One array that a model is fed with, or compared with: which fields it is made of, side by side."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z_][\w.-]{0,99}$")]
    fields: Annotated[list[ShortText], Field(min_length=1, max_length=10_000)]


class PreparedArray(Part):
    """An array on disk: `shape` is that of one sample; `classes` counts labels where it holds labels.

    `dtype` is `string` for texts. Where these are the values of a category, `classes` counts those of the training.
    """

    name: ShortText
    shape: list[int]
    dtype: ShortText
    classes: int | None = None
    class_names: list[ShortText] = []


class Definition(Part):
    """What a person says about the data: of what kind it is, how to read it, and which fields are inputs and targets.

    `options` are those of the kind, with its own names (`delimiter` of a table). No two arrays have one name.
    """

    kind: Kind
    options: dict[str, JsonValue] = {}
    inputs: list[ArrayPlan] = []
    targets: list[ArrayPlan] = []

    @model_validator(mode="after")
    def _refuse_equal_names(self) -> "Definition":
        names = self.array_names
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"two arrays are named {twice!r}; expected a name of its own for each")
        return self

    @property
    def array_names(self) -> list[str]:
        """The names of all arrays, inputs first."""
        return [one.name for one in [*self.inputs, *self.targets]]


class Manifest(Part):
    """A data set that is ready. `samples` counts the training part, `test_samples` those that are kept apart.

    `statistics` are of the training part's arrays as a model sees them, `class_counts` of the first target's labels.
    """

    name: SetName
    title: Annotated[str, Field(min_length=1, max_length=200)]
    description: Annotated[str, Field(max_length=2_000)] = ""
    created_at: datetime
    files: list[StoredFile | PlacedFile]
    definition: Definition
    task: Task
    samples: Annotated[int, Field(ge=1)]
    test_samples: Annotated[int, Field(ge=0)] = 0
    fields: list[FieldSummary]
    inputs: list[PreparedArray]
    targets: list[PreparedArray]
    statistics: list[ColumnStatistics] = []
    text_statistics: list[TextStatistics] = []
    class_counts: list[int] = []
    notes: list[Issue] = []


class Inspection(Part):
    """A quick look at files before they become a data set: what was found, and what is proposed.

    `definition` has every option settled: those that were given, and those that were found out. `choices` is the JSON
    schema of the kind's options, for a form. `samples` is None where counting would take too long. `rows` are the first
    samples as a person reads them; of an image `{"file": …, "width": …, "height": …, "label": …, "picture": …}`, the
    picture a data URL that shows it at the size and in the colours that are settled.
    """

    definition: Definition
    choices: dict[str, JsonValue]
    samples: int | None
    fields: list[FieldSummary]
    rows: list[dict[str, JsonValue]]
    issues: list[Issue] = []
