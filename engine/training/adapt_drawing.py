"""Fits a drawing's preprocessing layers to its data, as a training would, and answers what changes in the drawing."""

from collections.abc import Iterator

from engine.errors import GraphError
from engine.graph.document import Graph
from engine.graph.issues import Change
from engine.layers.learned import has_unlearned
from engine.models.check import GraphChecker
from engine.training.adapt_results import Adaptation
from engine.training.adapting import adapt_graph
from engine.training.changes import point
from engine.training.config import DataSettings, FitSettings
from engine.training.describe_learned import list_learned
from engine.training.run_data import load_run_data
from engine.training.run_graph import link_ends
from engine.training.splitting import count_samples, divide_rows


def adapt_drawing(checker: GraphChecker, graph: Graph, data: DataSettings, fit: FitSettings) -> Adaptation:
    """What the layers that have still to learn learn from the samples that would train the model.

    Raises:
        GraphError: the graph does not build, or a layer cannot be adapted; the issues are on the nodes.
        ConfigError: the data does not fit the graph, or cannot be divided.
        EngineError: the data set cannot be had.
    """
    check = checker.check(graph)
    if errors := [issue for issue in check.issues if issue.severity == "error"]:
        raise GraphError("invalid_graph", errors[0].message, errors[0].hint, errors)
    if not has_unlearned(graph):
        return Adaptation(changes=[], learned=[], samples=0)
    fed = load_run_data(data, link_ends(graph))
    samples, _ = count_samples(fed, fit)
    rows, _ = divide_rows(fed, fit)
    adapted = adapt_graph(graph, fed, rows)
    changes = list(_compare(graph, adapted, ("graph",)))
    return Adaptation(changes=changes, learned=list_learned(graph, adapted), samples=samples)


def _compare(before: Graph, after: Graph, path: tuple[str | int, ...]) -> Iterator[Change]:
    for place, (old, new) in enumerate(zip(before.layers, after.layers, strict=True)):
        here = (*path, "layers", place)
        if old.config != new.config:
            yield Change(op="test", path=point(*here, "id"), value=old.id)
            yield Change(op="add", path=point(*here, "config"), value=new.config)
        if old.graph is not None and new.graph is not None:
            yield from _compare(old.graph, new.graph, (*here, "graph"))
