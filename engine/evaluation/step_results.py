"""What steps make of a data set's first samples. Imports no Keras: the server serves these as they are."""

from typing import Literal

from pydantic import BaseModel

from engine.data.steps.settings import StepName
from engine.evaluation.results import ShownArray
from engine.graph.issues import Issue
from engine.training.events import Number

Part = Literal["input", "target"]


class SteppedArray(BaseModel):
    """An array at one stage: `shape` is that of one sample, `classes` counts labels or the columns made of them.

    The range and the mean are those of the samples that were looked at; None where it holds no numbers. `shown` are
    the samples that were asked for.
    """

    name: str
    part: Part
    shape: list[int | None]
    dtype: str
    classes: int | None = None
    minimum: Number | None = None
    maximum: Number | None = None
    mean: Number | None = None
    std: Number | None = None
    shown: list[ShownArray] = []


class StepStage(BaseModel):
    """The data set after one step, or before all of them where `function` is None. `changed` are the arrays that the
    step made; `samples` is None where only the beginning of the data was gone through."""

    function: StepName | None = None
    samples: int | None
    arrays: list[SteppedArray]
    changed: list[str] = []


class StepsPreview(BaseModel):
    """The stages in order, as far as the steps can be applied. `issues` say why they cannot be applied any further.

    `looked_at` is how many of the first samples ranges and means are of, at most.
    """

    dataset: str
    stages: list[StepStage]
    looked_at: int
    issues: list[Issue] = []
