"""What is asked about a graph's costs, summary and differences."""

from engine.graph.document import Graph
from engine.models.cost_results import CostSettings
from engine.training.config import KerasReference
from server.jobs.compiler import Question


class CostQuestion(Question):
    """`optimizer` is what would train the model, None where nothing would."""

    graph: Graph
    settings: CostSettings
    optimizer: KerasReference | None


class SummaryQuestion(Question):
    graph: Graph
    name: str


class DiffQuestion(Question):
    """Two graphs, the earlier one first."""

    before: Graph
    after: Graph
