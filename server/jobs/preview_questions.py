"""What is asked about the layers that prepare data, and about augmentation."""

from pydantic import JsonValue

from engine.evaluation.preprocessing.schema import PreviewSettings
from engine.graph.document import Graph
from engine.training.config import DataSettings
from server.jobs.compiler import Question


class PreviewQuestion(Question):
    graph: Graph
    data: DataSettings
    settings: PreviewSettings


class AugmentQuestion(Question):
    """`node` is the input whose images are augmented, None for the first one that takes images. `arguments` are those
    that the layers are to express, None asks what they express now. `data` tells black and white.
    """

    graph: Graph
    node: str | None
    arguments: dict[str, JsonValue] | None
    data: DataSettings | None
