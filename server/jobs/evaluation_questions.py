"""What the server may ask of the process that has Keras about trained models. Files are named by their paths."""

from pathlib import Path

from engine.evaluation.requests import PredictRequest
from engine.evaluation.results import EvaluateRequest
from engine.graph.document import Graph
from engine.training.config import RunConfig
from server.jobs.compiler import Question


class TrainedModel(Question):
    """A run's model: `weights` is its checkpoint."""

    graph: Graph
    config: RunConfig
    weights: Path


class EvaluateQuestion(TrainedModel):
    request: EvaluateRequest


class PredictQuestion(TrainedModel):
    request: PredictRequest


class SaveQuestion(Question):
    destination: Path
