"""What is asked where layers are to be fitted to data."""

from engine.graph.document import Graph
from engine.training.config import DataSettings, FitSettings
from server.jobs.compiler import Question


class AdaptQuestion(Question):
    """`fit` says, beside the data settings, which samples train."""

    graph: Graph
    data: DataSettings
    fit: FitSettings
