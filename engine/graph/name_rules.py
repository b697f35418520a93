"""The rules for ids and names."""

import re
from collections import Counter
from collections.abc import Iterator

from engine.graph.document import Graph
from engine.graph.issues import Issue
from engine.graph.topology import Topology

LAYER_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
"""The names that Keras, TensorFlow's graphs and HDF5 files all take: each of them refuses more than the one before."""


def check_ids(graph: Graph) -> Iterator[Issue]:
    """Every layer, node and edge has an id of its own."""
    for kind, pieces in (("layer", graph.layers), ("node", graph.nodes), ("edge", graph.edges)):
        for identifier, count in Counter(piece.id for piece in pieces).items():
            if count > 1:
                yield Issue(
                    code="duplicate_id",
                    message=f"The id {identifier!r} is used by {count} {kind}s; expected every {kind} to have its own.",
                    hint=f"Give each {kind} an id of its own.",
                    **{kind: identifier},
                )


def check_names(topology: Topology) -> Iterator[Issue]:
    """Every layer has a name that a model can be trained and saved with, and no two have the same."""
    first: dict[str, str] = {}
    node_of = {node.layer: node.id for node in reversed(topology.graph.nodes)}
    for layer in topology.layers.values():
        if not LAYER_NAME.fullmatch(layer.keras_name):
            yield Issue(
                code="invalid_name",
                message=f"The layer name {_show(layer.keras_name)} has {_strange_characters(layer.keras_name)};"
                " expected letters from a to z, digits, and _ . - after the first character.",
                layer=layer.id,
                node=node_of.get(layer.id),
                argument="name",
                hint=f"Call it {suggest_name(layer.keras_name)!r}, for example.",
            )
        if (earlier := first.setdefault(layer.keras_name, layer.id)) != layer.id:
            yield Issue(
                code="duplicate_name",
                message=f"The name {_show(layer.keras_name)} is used by layers {earlier!r} and {layer.id!r};"
                " expected every layer of a model to have a name of its own.",
                layer=layer.id,
                node=node_of.get(layer.id),
                argument="name",
                hint="Rename one of them.",
            )


def suggest_name(name: str) -> str:
    """The nearest name that a layer or a model can have in Keras."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", name).strip("_.-") or "layer"


def _strange_characters(name: str) -> str:
    strange = [c for i, c in enumerate(name) if not LAYER_NAME.fullmatch(c if i == 0 else "a" + c)]
    return " and ".join("a space" if c == " " else _show(c) for c in list(dict.fromkeys(strange))[:5])


def _show(text: str) -> str:
    """In quotes, with what JSON or a terminal cannot show spelt out."""
    return repr(text if len(text) <= 60 else text[:59] + "…").encode("utf-8", "backslashreplace").decode("utf-8")
