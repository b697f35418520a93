"""Which array of a data set goes into which input of a graph that may be half drawn: its outputs do not matter."""

from engine.data.datasets import Dataset
from engine.graph.document import Graph
from engine.graph.topology import Topology
from engine.models.results import CheckResult
from engine.training.config import DataSettings
from engine.training.feeding import choose_arrays


def choose_input_arrays(graph: Graph, check: CheckResult, dataset: Dataset, data: DataSettings) -> dict[str, str]:
    """The names of the arrays by the nodes of the inputs that can be called. `check` is that of the graph.

    Raises `ConfigError` where an input has no array.
    """
    topology = Topology(graph)
    inputs = [reference.node for reference in topology.inputs() if reference.node in check.nodes]
    names = [topology.layers[topology.nodes[node_id].layer].keras_name for node_id in inputs]
    known = {"input": list(dataset.inputs), "output": list(dataset.targets)}
    # As many targets as there are always fit.
    settings = data.model_copy(update={"targets": None, "sample_weights": None})
    chosen, _ = choose_arrays(dataset.name, known, settings, names, list(dataset.targets))
    return dict(zip(inputs, chosen, strict=True))
