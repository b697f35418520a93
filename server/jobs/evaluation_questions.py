"""What the server may ask of the process that has Keras about trained models. Files are named by their paths."""

from pathlib import Path

from engine.evaluation.requests import FoldModel, PredictRequest
from engine.evaluation.results import EvaluateRequest
from engine.evaluation.settings import AnyConfig
from engine.graph.document import Graph
from engine.training.config import RunConfig
from server.jobs.compiler import Question


class TrainedModel(Question):
    """A run's model with one of its checkpoints as `weights`, or a model with its stored weights."""

    graph: Graph
    config: AnyConfig
    weights: Path


class EvaluateQuestion(TrainedModel):
    request: EvaluateRequest


class EvaluateFoldsQuestion(Question):
    """`models` has the model of every fold of a run, in their order."""

    models: list[FoldModel]
    config: RunConfig
    request: EvaluateRequest


class PredictQuestion(TrainedModel):
    request: PredictRequest


class SaveQuestion(Question):
    destination: Path
