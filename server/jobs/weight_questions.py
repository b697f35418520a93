"""What the server may ask of the process that has Keras about weights and values. Files are named by their paths."""

from pathlib import Path

from engine.graph.document import Graph
from engine.models.weight_results import StoredWeights, WeightsDescription
from server.jobs.compiler import Compiler, Operation, Question


class DescribeQuestion(Question):
    """`path` is a weights file, or a checkpoint of the graph's model; None describes the shapes alone."""

    graph: Graph
    path: Path | None
    is_checkpoint: bool = False


class ChangeQuestion(Question):
    """New weights for the graph's model, to be written to `destination`.

    They come from `source`: of the one `layer` or, where `source_graph` is the graph that it was saved from, from a
    checkpoint by layer names, else of all layers. `base` is what the other layers keep, None gives them new weights.
    With `only_fitting` the layers that the checkpoint does not fit are left out of the file.
    """

    graph: Graph
    source: Path
    destination: Path
    base: Path | None
    layer: str | None = None
    source_graph: Graph | None = None
    strict: bool = True
    only_fitting: bool = False


class PackQuestion(Question):
    path: Path
    layer: str


async def describe_weights(compiler: Compiler, question: DescribeQuestion) -> WeightsDescription:
    """Shapes, statistics and histograms."""
    answer = await compiler.call(Operation.DESCRIBE_WEIGHTS, question.model_dump_json().encode())
    return WeightsDescription.model_validate_json(answer)


async def change_weights(compiler: Compiler, question: ChangeQuestion) -> StoredWeights:
    """What was written to the question's `destination`."""
    answer = await compiler.call(Operation.CHANGE_WEIGHTS, question.model_dump_json().encode())
    return StoredWeights.model_validate_json(answer)


async def pack_layer(compiler: Compiler, path: Path, layer: str) -> bytes:
    """One layer's weights as an npz file."""
    return await compiler.call(Operation.PACK_LAYER, PackQuestion(path=path, layer=layer).model_dump_json().encode())
