"""Questions to trained models, as the API takes them."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from engine.evaluation.requests import InputArrays, JsonRows, PredictRequest, SplitRows
from engine.evaluation.results import MAX_SAMPLES, EvaluateRequest, Evaluation, Predictions, Split

CheckpointChoice = Annotated[str, Field(max_length=100)] | None


class EvaluateRun(EvaluateRequest):
    """Evaluate a run's model on its own data.

    `checkpoint_id` is a checkpoint's id, `best` (by the metric that the run watches; also without it) or `last`.
    Without a `split` the validation data is taken or, where there is none, test or training data. With `out_of_fold`
    each sample of a run of several folds is predicted by the model that did not train on it: the `best` or the `last`
    checkpoint of every fold.
    """

    model_config = ConfigDict(extra="forbid")
    checkpoint_id: CheckpointChoice = None

    def to_request(self) -> EvaluateRequest:
        """What the engine is asked."""
        return EvaluateRequest.model_construct(
            split=self.split, report=self.report, batch_size=self.batch_size, worst=self.worst
        )


class FoldCheckpoint(BaseModel):
    """Which checkpoint of a fold was taken."""

    fold: int
    checkpoint_id: str
    epoch: int
    step: int


class RunEvaluation(Evaluation):
    """An evaluation, and of which checkpoint it is, of which `fold` in a run of several.

    Where it is of all folds (`out_of_fold`), `folds` has the checkpoint of each, and the others are null.
    """

    checkpoint_id: str | None
    step: int | None
    fold: int | None = None
    folds: list[FoldCheckpoint] = []


class RunPredictions(Predictions):
    """Predictions, and of which checkpoint they are, of which `fold` in a run of several."""

    checkpoint_id: str
    step: int
    fold: int | None = None


class Asked(BaseModel):
    """Exactly one of: samples of the data by `indices` (of a `split`), whole arrays by input name (`inputs`), or
    `rows`, one per sample.
    """

    model_config = ConfigDict(extra="forbid")
    split: Split | None = None
    indices: Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1, max_length=MAX_SAMPLES)] | None = None
    inputs: Annotated[dict[str, JsonValue], Field(min_length=1, max_length=1000)] | None = None
    rows: Annotated[list[JsonValue], Field(min_length=1, max_length=MAX_SAMPLES)] | None = None

    @model_validator(mode="after")
    def check(self) -> Self:
        """Exactly one way."""
        given = [name for name in ("indices", "inputs", "rows") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"expected one of `indices`, `inputs` and `rows`; received {' and '.join(given) or 'none'}"
            )
        if self.split is not None and self.indices is None:
            raise ValueError("a `split` is for `indices` only")
        return self

    def to_request(self) -> PredictRequest:
        """What the engine is asked."""
        if self.indices is not None:
            return SplitRows.model_construct(split=self.split, indices=self.indices)
        if self.inputs is not None:
            return InputArrays.model_construct(inputs=self.inputs)
        return JsonRows.model_construct(rows=self.rows or [])


class PredictRun(Asked):
    """What a run's model says about exactly one of: samples of its data by `indices` (of a `split`), whole arrays by
    input name (`inputs`), or `rows`, one per sample.
    """

    checkpoint_id: CheckpointChoice = None
