"""Which layers and calls of two graphs are the same ones: by id first, then by name, then by what they are."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from engine.graph.canonical import canonical_json
from engine.graph.document import Graph, Layer, Node
from engine.graph.topology import Topology

MAX_ALIGNED = 1_000
"""So many layers without a partner are aligned by their order; with more it would take minutes."""


@dataclass(frozen=True)
class Matching:
    """Pairs of ids, from the earlier graph to the later one."""

    layers: dict[str, str]
    nodes: dict[str, str]


def match_graphs(before: Graph, after: Graph) -> Matching:
    """The pairs. A graph matches itself and its copies, and the same model that was imported under other ids."""
    layers = _match_layers(before, after)
    return Matching(layers, _match_nodes(before, after, layers))


def _match_layers(before: Graph, after: Graph) -> dict[str, str]:
    old, new = _in_calling_order(before), _in_calling_order(after)
    pairs = {layer_id: layer_id for layer_id in old if layer_id in new}
    for key in (_name_and_class, _content):
        rest_old, rest_new = _rest(old, pairs), _rest(new, pairs.values())
        pairs |= _pair_unique(rest_old, rest_new, key)
    rest_old, rest_new = _rest(old, pairs), _rest(new, pairs.values())
    if max(len(rest_old), len(rest_new)) <= MAX_ALIGNED:
        for key in (_content, _class):
            rest_old, rest_new = _rest(old, pairs), _rest(new, pairs.values())
            pairs |= _align(rest_old, rest_new, key)
    return pairs


def _match_nodes(before: Graph, after: Graph, layers: dict[str, str]) -> dict[str, str]:
    """By id, and then the calls of one layer in the order of the document."""
    old, new = {node.id: node for node in before.nodes}, {node.id: node for node in after.nodes}
    pairs = {node_id: node_id for node_id in old if node_id in new}
    taken = set(pairs.values())
    calls: defaultdict[str, list[Node]] = defaultdict(list)
    for node in new.values():
        if node.id not in taken:
            calls[node.layer].append(node)
    for node in old.values():
        waiting = calls[layers.get(node.layer, "")]
        if node.id not in pairs and node.layer in layers and waiting:
            pairs[node.id] = waiting.pop(0).id
    return pairs


def _in_calling_order(graph: Graph) -> dict[str, Layer]:
    """The layers by id, in the order in which they are first called; those that are never called come last."""
    topology = Topology(graph)
    called = dict.fromkeys(topology.nodes[node_id].layer for node_id in topology.callable_order())
    ordered = [layer_id for layer_id in called if layer_id in topology.layers]
    return {layer_id: topology.layers[layer_id] for layer_id in dict.fromkeys([*ordered, *topology.layers])}


def _rest(layers: dict[str, Layer], taken: Iterable[str]) -> list[Layer]:
    gone = set(taken)
    return [layer for layer_id, layer in layers.items() if layer_id not in gone]


def _pair_unique(old: Sequence[Layer], new: Sequence[Layer], key: Callable[[Layer], Hashable]) -> dict[str, str]:
    """Pairs what only one layer of each graph has."""
    many_old, many_new = Counter(map(key, old)), Counter(map(key, new))
    by_key = {key(layer): layer.id for layer in new}
    return {layer.id: by_key[one] for layer in old if many_old[one := key(layer)] == 1 and many_new.get(one) == 1}


def _align(old: Sequence[Layer], new: Sequence[Layer], key: Callable[[Layer], Hashable]) -> dict[str, str]:
    """Pairs layers that stand in the same order in both graphs."""
    matcher = SequenceMatcher(None, [key(layer) for layer in old], [key(layer) for layer in new], autojunk=False)
    return {
        old[block.a + index].id: new[block.b + index].id
        for block in matcher.get_matching_blocks()
        for index in range(block.size)
    }


def _name_and_class(layer: Layer) -> Hashable:
    return layer.keras_name, layer.package, layer.class_name


def _content(layer: Layer) -> Hashable:
    return canonical_json(layer.model_copy(update={"id": "_", "name": None}))


def _class(layer: Layer) -> Hashable:
    return layer.package, layer.class_name
