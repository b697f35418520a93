"""Graphs with preprocessing layers that have learned nothing yet: checked as if they had, and said on their nodes."""

from collections.abc import Iterator

from pydantic import JsonValue

from engine.errors import GraphError
from engine.graph.document import Graph, Layer
from engine.graph.issues import Issue
from engine.graph.topology import Topology
from engine.layers.learned import VOCABULARY, WITH_WEIGHTS, has_to_learn, has_unlearned, learns_words, put_learned
from engine.layers.overlay import LEARNED, LEARNED_IN_WEIGHTS
from engine.models.formats import FileFormat
from engine.models.results import CheckResult, NodeResult, TensorSpec

CODE = "not_fitted_yet"
DEFAULT_MODE = "int"
LEARN_FIRST = "Fit it to the data first, or export a trained run: what its layers learned comes with it."
WORD: dict[str, JsonValue] = {"IntegerLookup": 1}
"""The stand-in for a vocabulary has one word, by class; elsewhere a text."""


def stand_in(graph: Graph) -> Graph:
    """The graph with a vocabulary of one word where the size of a vocabulary that is not known yet decides shapes.

    Keras knows no shape behind such a layer, so without a stand-in nothing that follows could be checked. Anything else
    is the same object.
    """
    if not has_unlearned(graph):
        return graph
    return graph.model_copy(update={"layers": [_stand_in(layer) for layer in graph.layers]})


def _stand_in(layer: Layer) -> Layer:
    if layer.graph is not None:
        return layer.model_copy(update={"graph": stand_in(layer.graph)})
    if not _has_open_size(layer):
        return layer
    learned: dict[str, JsonValue] = {VOCABULARY: [WORD.get(layer.class_name, "word")]}
    if layer.config.get("output_mode") == WITH_WEIGHTS:
        learned["idf_weights"] = [1.0]
    return put_learned(layer, learned)


def _has_open_size(layer: Layer) -> bool:
    """Whether the layer's output is as wide as its vocabulary, and that is not known."""
    mode = layer.config.get("output_mode", DEFAULT_MODE)
    return (
        learns_words(layer)
        and has_to_learn(layer)
        and mode != DEFAULT_MODE
        and not (layer.config.get("pad_to_max_tokens") and layer.config.get("max_tokens"))
    )


def tell_unlearned(graph: Graph, check: CheckResult) -> CheckResult:
    """The check of `stand_in(graph)` as that of the graph: sizes that are not known are None, and nodes say why."""
    if not has_unlearned(graph):
        return check
    layers = {layer.id: layer for layer in graph.layers}
    nodes = dict(check.nodes)
    for node in graph.nodes:
        if node.id in nodes and node.layer in layers and _has_open_size(layers[node.layer]):
            nodes[node.id] = _open_last_size(nodes[node.id])
    nested = {
        name: tell_unlearned(layers[name].graph or Graph(), inner) if name in layers else inner
        for name, inner in check.nested.items()
    }
    issues = [*check.issues, *list_unlearned(graph)]
    return check.model_copy(update={"nodes": nodes, "nested": nested, "issues": issues})


def _open_last_size(result: NodeResult) -> NodeResult:
    outputs = [TensorSpec(shape=[*one.shape[:-1], None], dtype=one.dtype) for one in result.outputs]
    return result.model_copy(update={"outputs": outputs})


def list_unlearned(graph: Graph) -> list[Issue]:
    """A warning on the first node of each layer that has still to learn, inner graphs included."""
    return list(_walk(graph, ()))


def _walk(graph: Graph, within: tuple[str, ...]) -> Iterator[Issue]:
    topology = Topology(graph)
    seen: set[str] = set()
    for node_id in topology.nodes:
        layer = topology.layer_of(node_id)
        if layer is None or layer.id in seen:
            continue
        seen.add(layer.id)
        if layer.graph is not None:
            yield from _walk(layer.graph, (*within, layer.id))
        elif has_to_learn(layer):
            yield _tell(layer, node_id, within)


def _tell(layer: Layer, node: str, within: tuple[str, ...]) -> Issue:
    learned = LEARNED[layer.class_name]
    what = " and ".join(learned if layer.config.get("output_mode") == WITH_WEIGHTS else learned[: _count(layer)])
    size = (
        " Its output is as wide as its vocabulary: until then, what follows is checked with a vocabulary of one word."
        if _has_open_size(layer)
        else ""
    )
    return Issue(
        code=CODE,
        message=f"{layer.class_name} is fitted to the training data when training starts ({what}).{size}",
        severity="warning",
        node=node,
        layer=layer.id,
        hint="Fit it to the data now to see what it learns, or leave it: each training does it.",
        within=within,
    )


def _count(layer: Layer) -> int:
    """How many of the arguments are learned where words have no weights."""
    return 1 if learns_words(layer) else len(LEARNED[layer.class_name])


def refuse_unlearned(graph: Graph) -> None:
    """Raises `GraphError` where the shapes of the model are not known before a layer has learned its vocabulary."""
    if issues := [issue for issue in _walk(graph, ()) if _is_open(graph, issue)]:
        faults = [issue.model_copy(update={"severity": "error", "hint": LEARN_FIRST}) for issue in issues]
        raise GraphError(CODE, faults[0].message, LEARN_FIRST, faults)


def list_unlearned_in_file(graph: Graph, file: FileFormat) -> list[Issue]:
    """What keeps the graph out of a file of this format because layers have learned nothing: an error on each node.

    What Keras keeps in weights may be there: then it is a warning. Code fits the layers before it trains.
    """
    if file.group in ("drawing", "code"):
        return []
    issues = []
    for issue in _walk(graph, ()):
        layer = _find(graph, issue)
        first = LEARNED[layer.class_name][0]
        if _has_open_size(layer) or (file.holds_weights and layer.class_name not in LEARNED_IN_WEIGHTS):
            message = f"{layer.class_name} has learned nothing yet ({first}), so the file would be of no use."
            changes = {"code": "format_cannot_hold", "message": message, "severity": "error", "hint": LEARN_FIRST}
        else:
            message = f"{layer.class_name} has learned nothing yet ({first}): adapt it before the model is used."
            changes = {"code": "format_changes", "message": message, "hint": LEARN_FIRST}
        issues.append(issue.model_copy(update=changes))
    return issues


def _is_open(graph: Graph, issue: Issue) -> bool:
    return _has_open_size(_find(graph, issue))


def _find(graph: Graph, issue: Issue) -> Layer:
    """The layer of an issue of this module, inner graphs included."""
    for within in issue.within:
        graph = next(layer.graph for layer in graph.layers if layer.id == within and layer.graph is not None)
    return next(layer for layer in graph.layers if layer.id == issue.layer)
