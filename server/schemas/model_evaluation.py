"""Questions to models with stored weights, as the API takes them: no run is needed."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from engine.evaluation.results import EvaluateRequest, Evaluation, Predictions
from engine.training.config import CompileSettings, DataSettings
from server.schemas.evaluation import Asked

VersionChoice = Annotated[str, Field(max_length=100, description="A version's id; the draft without it.")] | None


class ModelChoice(BaseModel):
    """Which graph, and what it is measured on: what is left out is taken from the model's training settings."""

    model_config = ConfigDict(extra="forbid")
    version_id: VersionChoice = None
    data: DataSettings | None = None
    compile: CompileSettings | None = None


class EvaluateModel(EvaluateRequest, ModelChoice):
    """Evaluate the draft or a version of a model with the model's stored weights.

    `validation_split` divides the data as training would. Without a `split` the validation data is taken or, where
    there is none, test or training data.
    """

    model_config = ConfigDict(extra="forbid")
    validation_split: Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)] | None = None

    def to_request(self) -> EvaluateRequest:
        """What the engine is asked."""
        return EvaluateRequest.model_construct(
            split=self.split, report=self.report, batch_size=self.batch_size, worst=self.worst
        )


class PredictModel(Asked, ModelChoice):
    """What a model with stored weights says about exactly one of: samples of a data set by `indices` (of a `split`),
    whole arrays by input name (`inputs`), or `rows`, one per sample. The last two need no data set.
    """


class WeightsUsed(BaseModel):
    """Which graph (`version_id` is null for the draft) and which weights an answer is about."""

    version_id: str | None
    weights: str


class ModelEvaluation(Evaluation, WeightsUsed):
    """An evaluation of a model with its stored weights."""


class ModelPredictions(Predictions, WeightsUsed):
    """Predictions of a model with its stored weights."""
