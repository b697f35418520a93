"""A graph made into a Keras model: the build, and the linking that the check of nested graphs shares with it."""

from dataclasses import dataclass

import keras

from engine.errors import GraphError
from engine.graph.document import Edge, Graph, Layer, Node
from engine.graph.issues import Issue
from engine.graph.name_rules import suggest_name
from engine.layers.scope import open_symbolic_scope
from engine.models.calling import Called, call_layer
from engine.models.calls import assemble_call
from engine.models.counting import count_parameters, refuse_large_dimensions
from engine.models.explain import read_message
from engine.models.faults import LayerError, nested_fault
from engine.models.instantiate import make_layer
from engine.models.limits import DEFAULT_LIMITS, Limits
from engine.models.tensors import Spec, read_spec
from engine.models.unlearned import refuse_unlearned
from engine.models.walk import AlreadyReportedError, Walk


def build_model(graph: Graph, name: str = "model", limits: Limits = DEFAULT_LIMITS) -> "keras.Model":
    """The graph as a Keras model with freshly initialised weights. `name` becomes the nearest name that Keras takes.

    Nothing is allocated before the whole graph has proved right and within the limits. Raises `GraphError` with
    the issues.
    """
    refuse_unlearned(graph)
    with open_symbolic_scope() as scope:
        model = link_graph(graph, suggest_name(name), limits)
        scope.initialize_variables = True
    return model


def link_graph(graph: Graph, name: str, limits: Limits = DEFAULT_LIMITS) -> "keras.Model":
    """The graph as a Keras model whose weights are only promised. To be called in `open_symbolic_scope`.

    Raises `GraphError` with the issues.
    """
    return trace_graph(graph, name, limits).model


@dataclass(frozen=True)
class Trace:
    """A linked model, and how it came about: the layers by id, and for each node its tensors, in the order of the
    document's outputs, and where each of them stands in the call's answer."""

    model: "keras.Model"
    layers: dict[str, "keras.layers.Layer"]
    paths: dict[str, list[tuple[int | str, ...]]]
    tensors: dict[str, list["keras.KerasTensor"]]


def trace_graph(graph: Graph, name: str, limits: Limits = DEFAULT_LIMITS, depth: int = 0) -> Trace:
    """Links a graph like `link_graph`, and tells how."""
    linker = _Linker(graph, limits, depth)
    model = linker.link(name)
    layers = {layer_id: layer for layer_id, layer in linker.layers.items() if layer is not None}
    paths = {node_id: called.paths for node_id, called in linker.called.items()}
    return Trace(model, layers, paths, {node_id: list(called.tensors) for node_id, called in linker.called.items()})


class _Linker:
    """One graph on its way to a model: the layers made so far, and what the nodes called so far have answered."""

    def __init__(self, graph: Graph, limits: Limits, depth: int):
        self.walk = Walk(graph)
        self.limits = limits
        self.depth = depth
        self.layers: dict[str, keras.layers.Layer | None] = {}
        self.called: dict[str, Called] = {}
        self.first_inputs: dict[str, list[Spec]] = {}

    def link(self, name: str) -> "keras.Model":
        self.walk.call_nodes(self._call_node)
        outputs = [self.called[r.node].tensors[r.output] for r in self.walk.list_outputs()]
        self._raise_issues()
        inputs = [self.called[r.node].tensors[r.output] for r in self.walk.topology.inputs()]
        try:
            model = self._make_model(inputs, outputs, name)
            count_parameters("The model", model, self.limits)
        except LayerError as fault:
            self.walk.issues.append(Issue(code=fault.code, message=fault.message, hint=fault.hint))
        except ValueError as error:
            message = f"Keras refuses the model: {read_message(error)}"
            self.walk.issues.append(Issue(code="invalid_model", message=message))
        self._raise_issues()
        return model

    def _make_model(
        self, inputs: list["keras.KerasTensor"], outputs: list["keras.KerasTensor"], name: str
    ) -> "keras.Model":
        if self.walk.graph.class_name == "Sequential":
            topology = self.walk.topology
            return keras.Sequential([self.layers[topology.nodes[n].layer] for n in topology.order()], name=name)
        return keras.Model(_unpack(inputs), _unpack(outputs), name=name)

    def _raise_issues(self) -> None:
        errors = [issue for issue in self.walk.issues if issue.severity == "error"]
        if errors:
            more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
            raise GraphError("invalid_graph", errors[0].message + more, errors[0].hint, self.walk.issues)

    def _call_node(self, node: Node, layer: Layer, edges: list[Edge]) -> int:
        instance = self._get_layer(layer)
        tensors = {edge.id: self.called[edge.source].tensors[edge.output] for edge in edges}
        args, kwargs = assemble_call(node, edges, tensors)
        inputs = [read_spec(tensor) for tensor in tensors.values()]
        trace = self.first_inputs.setdefault(layer.id, inputs) != inputs
        called = call_layer(layer, instance, args, kwargs, trace=trace)
        count_parameters(layer.class_name, instance, self.limits)
        refuse_large_dimensions(layer.class_name, called.tensors, self.limits)
        self.called[node.id] = called
        return len(called.tensors)

    def _get_layer(self, layer: Layer) -> "keras.layers.Layer":
        if layer.id not in self.layers:
            self.layers[layer.id] = None
            self.layers[layer.id] = make_layer(layer, self._link_nested)
        instance = self.layers[layer.id]
        if instance is None:
            raise AlreadyReportedError
        return instance

    def _link_nested(self, graph: Graph, name: str) -> "keras.Model":
        return link_nested(graph, name, self.limits, self.depth + 1)


def link_nested(graph: Graph, name: str, limits: Limits, depth: int = 1) -> "keras.Model":
    """The model of a layer that holds a graph. Raises `LayerError` with the issues inside it."""
    refuse_deep_nesting(depth, limits)
    try:
        return trace_graph(graph, name, limits, depth).model
    except GraphError as error:
        raise nested_fault(name, error.issues) from error


def refuse_deep_nesting(depth: int, limits: Limits) -> None:
    """Raises `LayerError` where a graph inside another is at a depth that is not built."""
    if depth > limits.max_depth:
        raise LayerError(
            "nested_too_deeply",
            f"Graphs are nested more than {limits.max_depth} deep; expected at most {limits.max_depth}.",
            "Dissolve one of the inner graphs.",
            "graph",
        )


def _unpack(tensors: list["keras.KerasTensor"]) -> "keras.KerasTensor | list[keras.KerasTensor]":
    """One tensor alone, as a person would write it, so that the model is called on a tensor and answers one."""
    return tensors[0] if len(tensors) == 1 else tensors
