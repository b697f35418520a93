"""Changes of a graph or of a training config, written as the patches that fixes are made of."""

import inspect
from collections.abc import Iterator

import jsonpointer
from pydantic import JsonValue

from engine.errors import EngineError
from engine.graph.document import Graph, Layer
from engine.graph.issues import Change
from engine.graph.topology import Topology
from engine.layers.safety import resolve_layer_class
from engine.models.check import GraphChecker
from engine.training.config import KerasObject, KerasReference, PerOutput

MOST_STEPS_BACK = 5
"""How far before an output the layer may stand that gives it its width or its activation."""

Changes = list[Change]


def point(*steps: str | int) -> str:
    """The RFC 6901 pointer of the steps."""
    pointer: str = jsonpointer.JsonPointer.from_parts(steps).path
    return pointer


def write_reference(reference: KerasReference | None) -> JsonValue:
    """A Keras object as a config spells it."""
    return reference.model_dump(mode="json") if isinstance(reference, KerasObject) else reference


def change_loss(present: PerOutput, names: list[str], index: int, new: KerasReference) -> Changes:
    """Gives one output another loss; where there is one for all outputs, each gets its own then."""
    path = ("training", "compile", "loss")
    value = write_reference(new)
    if isinstance(present, dict):
        return [Change(op="add", path=point(*path, names[index]), value=value)]
    if isinstance(present, list) and index < len(present):
        return [Change(op="replace", path=point(*path, index), value=value)]
    if len(names) == 1 or isinstance(present, list):
        return [Change(op="replace", path=point(*path), value=value)]
    everything = {name: value if place == index else write_reference(present) for place, name in enumerate(names)}
    return [Change(op="replace", path=point(*path), value=everything)]


def propose_widths(checker: GraphChecker, graph: Graph, node: str, width: int) -> Iterator[Changes]:
    """Changes that give a node's tensor that last dimension, found by trying the whole numbers in the configs."""
    for place, layer in _walk_back(graph, node):
        present = [name for name, value in layer.config.items() if type(value) is int and value != width]
        for name in present:
            changed = graph.model_copy(deep=True)
            changed.layers[place].config[name] = width
            result = checker.check(changed)
            if result.ok and (tensors := result.nodes[node].outputs) and tensors[0].shape[-1:] == [width]:
                yield [Change(op="add", path=point("graph", "layers", place, "config", name), value=width)]


def propose_activations(
    checker: GraphChecker, graph: Graph, node: str, activation: str
) -> Iterator[tuple[str, Changes]]:
    """Changes that may make the activation the last thing before an output, each with what it does in words."""
    tail: list[tuple[str, Changes]] = []
    parameters = {layer_id: result.parameters for layer_id, result in checker.check(graph).layers.items()}
    for place, layer in _walk_back(graph, node):
        steps = ("graph", "layers", place)
        if _takes_activation(layer):
            if layer.config.get("activation") != activation:
                change = Change(op="add", path=point(*steps, "config", "activation"), value=activation)
                yield f"Set the activation of {layer.keras_name!r} to {activation}", [change]
            break
        if parameters[layer.id]:
            break
        if layer.package is None:
            replaced = Change(op="replace", path=point(*steps, "class_name"), value="Activation")
            config = Change(op="add", path=point(*steps, "config"), value={"activation": activation})
            tail.append((f"Make {layer.keras_name!r} an Activation with {activation}", [replaced, config]))
    # A layer such as Softmax has no activation to change: an Activation takes its place.
    yield from tail


def _walk_back(graph: Graph, node: str) -> Iterator[tuple[int, Layer]]:
    """The node's layer with its place in the document, then those before it as long as there is only one."""
    topology = Topology(graph)
    places = {layer.id: place for place, layer in enumerate(graph.layers)}
    for _ in range(MOST_STEPS_BACK):
        layer = topology.layer_of(node)
        if layer is None or topology.is_input(node) or layer.graph is not None:
            return
        yield places[layer.id], layer
        sources = {edge.source for edge in topology.incoming[node]}
        if len(sources) != 1:
            return
        node = sources.pop()


def _takes_activation(layer: Layer) -> bool:
    try:
        return "activation" in inspect.signature(resolve_layer_class(layer.class_name, layer.package)).parameters
    except (EngineError, TypeError, ValueError):
        return False
