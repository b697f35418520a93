"""The weights of another model that still fit a graph's model, in a file of their own."""

from pathlib import Path

from engine.graph.document import Graph
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import link_graph
from engine.models.unlearned import stand_in
from engine.models.weight_changes import refuse_if_none_fits, store_weights
from engine.models.weight_results import StoredWeights
from engine.models.weight_sources import receive_weights
from engine.models.weights import fit_weights


def pick_fitting_weights(graph: Graph, source_graph: Graph, source: Path, destination: Path) -> StoredWeights:
    """Writes to `destination` the weights in `source` of those layers that have the same name and shapes in the graph.

    `source` is a checkpoint of the model of `source_graph`. The others are left out: whoever starts with the file gives
    them new weights. No model is built for it. Raises `GraphError`, `IssuesError` `weights_do_not_fit` where nothing
    fits, and `EngineError` `invalid_weights`, `too_large` or `not_found`.
    """
    with open_symbolic_scope():
        received = receive_weights(link_graph(source_graph, "model"), source).weights
        shapes = {name: [list(array.shape) for array in group] for name, group in received.items()}
        fit = fit_weights(link_graph(stand_in(graph), "model"), shapes)
    refuse_if_none_fits(fit, graph)
    return store_weights({name: received[name] for name in fit.kept}, fit, destination)
