"""Whether an Embedding has a row for each word of the vocabulary before it, known before the training needs the row."""

from collections.abc import Iterator, Sequence

from engine.graph.document import Graph
from engine.graph.issues import Issue
from engine.graph.topology import Topology

ROWS = "input_dim"


def find_small_embeddings(graph: Graph, nodes: Sequence[str], words: int, within: tuple[str, ...]) -> Iterator[Issue]:
    """An issue for each Embedding right behind these nodes that has fewer rows than there are numbers of words.

    `words` counts what stands for padding and for unknown words too.
    """
    topology = Topology(graph)
    for edge in (edge for node in nodes for edge in topology.outgoing[node]):
        layer = topology.layer_of(edge.target)
        rows = None if layer is None or layer.class_name != "Embedding" else layer.config.get(ROWS)
        if layer is None or not isinstance(rows, int) or rows >= words:
            continue
        yield Issue(
            code="embedding_too_small",
            message=f"The vocabulary has {words:,} words, with those for padding and for unknown ones;"
            f" {layer.keras_name!r} has {rows:,} rows, and needs one for each.",
            node=edge.target,
            layer=layer.id,
            argument=ROWS,
            hint=f"Set {ROWS} to {words}, or max_tokens of the layer before it to {rows}.",
            within=within,
        )
