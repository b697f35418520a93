"""What an import answers. Imports no Keras: the server serves it as it is."""

from pydantic import BaseModel, JsonValue

from engine.graph.document import Graph
from engine.graph.issues import Issue
from engine.models.weight_results import StoredWeights


class ImportResult(BaseModel):
    """A model from elsewhere as a document.

    `compile` has the settings of `keras.Model.compile` that came with it, as a run's config says them. `report` tells
    what had to be changed, is missing, or could not be taken over; nothing in it is an error. `weights` are
    those that came with it, written to a file; None where there are none.
    """

    name: str
    graph: Graph
    compile: dict[str, JsonValue] | None = None
    report: list[Issue] = []
    weights: StoredWeights | None = None
