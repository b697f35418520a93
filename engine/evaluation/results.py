"""What is told of a trained model: metrics, reports about its outputs, predictions. Imports no Keras."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field, JsonValue

from engine.backend.results import ArrayValues
from engine.training.events import Number

Split = Literal["training", "validation", "test"]
OUT_OF_FOLD: Final = "out_of_fold"
EvaluatedSplit = Literal["training", "validation", "test", "out_of_fold"]
"""`out_of_fold` are the validation samples of all folds, each predicted by the model that did not train on it."""

OutputKind = Literal["classes", "yes_or_no", "numbers"]
ScoreKind = Literal["probabilities", "scores"]
ShownKind = Literal["image", "tokens", "numbers", "text"]

MAX_SAMPLES = 1000
"""Samples that are predicted in one question."""


class SplitSize(BaseModel):
    """How many samples a part of the data has; `validation` are the last ones, as Keras takes them."""

    split: EvaluatedSplit
    samples: int


class ShownArray(BaseModel):
    """One sample's array, small enough to be shown.

    An `image` has rows of pixels, each a number or a list of channels; `minimum` and `maximum` are black and white.
    `shape` is that of the whole array without the sample dimension. `cut` says that `values` are only a part of it:
    the first numbers, or every n-th pixel. `text` has the words that the `values` of `tokens` stand for, where they are
    known.
    """

    kind: ShownKind
    shape: list[int]
    dtype: str
    minimum: Number
    maximum: Number
    values: JsonValue
    cut: bool = False
    text: str | None = None


class ClassProbability(BaseModel):
    """`score` is a probability from 0 to 1 where the output's `scores` says so."""

    label: int
    name: str
    score: Number


class OutputAnswer(BaseModel):
    """What one output says about one sample, and what it should have said.

    Of `classes` the most probable ones are in `classes`, the best first; of `yes_or_no` the columns that are above one
    half. `numbers` are the output itself, or the class at each position where there is more than one position.
    """

    output: str
    label: int | None = None
    classes: list[ClassProbability] = []
    numbers: ShownArray | None = None
    target_label: int | None = None
    target_classes: list[str] = []
    target_numbers: ShownArray | None = None
    loss: Number | None = None


class Sample(BaseModel):
    """A sample with what goes in and what comes out. `index` counts from 0 in its split, or in what was sent; of
    `out_of_fold` in the whole data set.

    `inputs` is empty for the last ones of many large samples.
    """

    index: int
    inputs: dict[str, ShownArray]
    outputs: list[OutputAnswer]


class Curve(BaseModel):
    """A curve with few enough points to be drawn; `area` is that under all points."""

    x: list[float]
    y: list[float]
    area: float


class ClassCurves(BaseModel):
    """One class against all others. `share` is how much of the samples it has: what chance would get as precision."""

    label: int
    name: str
    share: float
    roc: Curve
    precision_recall: Curve


class ClassRow(BaseModel):
    """How well one class is found; `support` is how many samples of it there are."""

    label: int
    name: str
    precision: float
    recall: float
    f1: float
    support: int


class Average(BaseModel):
    precision: float
    recall: float
    f1: float


class ClassReport(BaseModel):
    """scikit-learn's report. `confusion[true][predicted]` counts samples, in the order of `rows`.

    None where there are too many classes, or where a sample may have several (`yes_or_no`). `accuracy` is the share of
    samples (of columns, for `yes_or_no`) that are right. `curves` are for the classes with most samples.
    """

    accuracy: float
    rows: list[ClassRow]
    left_out: int
    macro: Average
    weighted: Average
    confusion: list[list[int]] | None
    curves: list[ClassCurves]


class Bins(BaseModel):
    """`numpy.histogram`: bin `i` goes from `edges[i]` to `edges[i + 1]` and has `counts[i]`."""

    edges: list[float]
    counts: list[int]


class NumberReport(BaseModel):
    """How far predictions are from the targets; a residual is the prediction less the target.

    `true` and `predicted` are a sample of `values` in all. `r2` is None where all targets are the same.
    """

    values: int
    mean_residual: float
    mean_absolute_error: float
    root_mean_squared_error: float
    median_absolute_error: float
    r2: float | None
    residuals: Bins
    true: list[float]
    predicted: list[float]


class OutputReport(BaseModel):
    """One output of the model. `not_finite` counts predictions with NaN or infinities, which are left out.

    `note` says why there is neither `classes` nor `numbers`, or that only a part of the samples was looked at.
    """

    output: str
    target: str
    kind: OutputKind
    scores: ScoreKind
    class_names: list[str]
    samples: int
    not_finite: int
    classes: ClassReport | None = None
    numbers: NumberReport | None = None
    worst: list[Sample]
    note: str | None = None


class Evaluation(BaseModel):
    """`metrics` is the dict of `model.evaluate(…, return_dict=True)`; `reports` has one entry per output.

    `remarks` say what a reader would wonder about, such as why a text is shown as numbers.
    """

    split: EvaluatedSplit
    samples: int
    batch_size: int
    metrics: dict[str, Number]
    splits: list[SplitSize]
    reports: list[OutputReport]
    remarks: list[str] = []


class RawOutput(ArrayValues):
    """What `model.predict` answers for one output, the samples first, and how it is read."""

    output: str
    kind: OutputKind
    scores: ScoreKind
    class_names: list[str]


class Predictions(BaseModel):
    """`samples` has what each output says, `raw` all numbers. `remarks` say what was done to what was sent."""

    samples: list[Sample]
    raw: list[RawOutput]
    remarks: list[str] = []


class EvaluateRequest(BaseModel):
    """Which part of the data; `report` asks for more than Keras's own metrics, `worst` for that many bad examples."""

    split: EvaluatedSplit | None = None
    report: bool = True
    batch_size: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    worst: Annotated[int, Field(ge=0, le=48)] = 12
