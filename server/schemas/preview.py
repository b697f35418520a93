"""What is asked about the layers that prepare data."""

from engine.evaluation.preprocessing.schema import PreviewSettings
from engine.graph.document import Graph
from engine.training.config import DataSettings


class GraphPreviewRequest(PreviewSettings):
    """A graph, and the data of which it is shown one example."""

    graph: Graph
    data: DataSettings


class ModelPreviewRequest(PreviewSettings):
    """`data` is that of the model's training config where it is None."""

    data: DataSettings | None = None
