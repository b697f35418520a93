"""The check of a graph: shapes, dtypes and parameters by calling real Keras layers, and what is wrong where."""

import keras

from engine.graph.document import Edge, Graph, Layer, Node, TensorReference
from engine.graph.issues import Issue
from engine.graph.name_rules import LAYER_NAME
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import link_nested, refuse_deep_nesting
from engine.models.cache import CallCache, Key, Outcome, hash_call, hash_failure, hash_layer, hash_nested, read_settings
from engine.models.calling import call_layer
from engine.models.calls import assemble_call
from engine.models.counting import count_parameters, refuse_large_dimensions, too_many_parameters
from engine.models.faults import LayerError, move_inside, nested_fault
from engine.models.instantiate import make_layer, read_inner_graph
from engine.models.limits import DEFAULT_LIMITS, Limits
from engine.models.results import CheckResult, LayerResult
from engine.models.tensors import Spec, make_tensor, read_spec
from engine.models.unlearned import stand_in, tell_unlearned
from engine.models.walk import AlreadyReportedError, Walk

UNNAMED = "unnamed"
"""What a layer is called while its own name is one that Keras refuses."""

Call = tuple[Node, list[Edge], dict[str, Spec]]
"""A node, its incoming edges, and what comes in by each edge's id."""


class GraphChecker:
    """Checks graphs and remembers the calls, so that after an edit only what it changed is called again.

    Not safe for use by several threads at once: Keras's scopes belong to a thread.
    """

    def __init__(self, limits: Limits = DEFAULT_LIMITS):
        self.limits = limits
        self.cache: CallCache = CallCache(maxsize=limits.max_cached_calls)

    def check(self, graph: Graph) -> CheckResult:
        """What the model would be, and what is wrong with it. Allocates no weights and raises for no document."""
        with open_symbolic_scope():
            checked = _Check(stand_in(graph), self.limits, self.cache, depth=0).run()
        return tell_unlearned(graph, checked)


class _SharedLayer:
    """A layer of the document during one check: its Keras instance, and the calls that the instance has seen."""

    def __init__(self, layer: Layer, settings: str):
        self.key = hash_layer(layer, settings)
        self.history: Key = b""
        self.calls: list[Call] = []
        self.instance: keras.layers.Layer | None = None
        self.seen = 0
        self.result: LayerResult | None = None
        self.failed = False

    def is_new_input(self, call: Call) -> bool:
        """Whether something else comes in than in the first call, for which the layer was built."""
        return bool(self.calls) and list(call[2].values()) != list(self.calls[0][2].values())


class _Check:
    """One graph being checked."""

    def __init__(self, graph: Graph, limits: Limits, cache: CallCache, depth: int):
        self.walk = Walk(graph)
        self.limits = limits
        self.cache = cache
        self.depth = depth
        self.settings = read_settings()
        self.layers: dict[str, _SharedLayer] = {}
        self.nodes: dict[str, Outcome] = {}
        self.nested: dict[str, CheckResult] = {}

    def run(self) -> CheckResult:
        self._check_nested_graphs()
        self.walk.call_nodes(self._call_node)
        outputs = self.walk.list_outputs()
        self._check_total()
        layers = {layer_id: shared.result for layer_id, shared in self.layers.items() if shared.result is not None}
        counted = [layers[layer_id] for layer_id in self._list_used_layers() if layer_id in layers]
        return CheckResult(
            ok=self.walk.ok,
            issues=self.walk.issues,
            nodes={node_id: outcome.node for node_id, outcome in self.nodes.items()},
            layers=layers,
            inputs=self._names([r for r in self.walk.topology.inputs() if r.node in self.nodes]),
            outputs=self._names(outputs),
            parameters=sum(layer.parameters for layer in counted),
            trainable_parameters=sum(layer.trainable_parameters for layer in counted),
            parameter_bytes=sum(layer.parameter_bytes for layer in counted),
            nested=self.nested,
        )

    def _list_used_layers(self) -> set[str]:
        """The layers that will be part of the model: those that an output depends on."""
        topology = self.walk.topology
        return {topology.nodes[node_id].layer for node_id in topology.before(topology.output_nodes())}

    def _check_nested_graphs(self) -> None:
        """Checks the graphs of layers, also of those that cannot be called, so that a person can see inside."""
        for layer_id in dict.fromkeys(node.layer for node in self.walk.topology.nodes.values()):
            layer = self.walk.topology.layers.get(layer_id)
            if layer is None or layer.graph is None or self.depth >= self.limits.max_depth:
                continue
            key = hash_nested(hash_layer(layer), self.depth)
            result = self.cache.get(key)
            if not isinstance(result, CheckResult):
                result = _Check(read_inner_graph(layer), self.limits, self.cache, self.depth + 1).run()
                self.cache[key] = result
            self.nested[layer_id] = result
            self.walk.issues.extend(move_inside(result.issues, layer_id))

    def _names(self, references: list[TensorReference]) -> list[str]:
        topology = self.walk.topology
        return [topology.layers[topology.nodes[reference.node].layer].keras_name for reference in references]

    def _call_node(self, node: Node, layer: Layer, edges: list[Edge]) -> int:
        shared = self.layers.get(layer.id) or self.layers.setdefault(layer.id, _SharedLayer(layer, self.settings))
        if shared.failed:
            raise AlreadyReportedError
        specs = {edge.id: self.nodes[edge.source].outputs[edge.output] for edge in edges}
        key = hash_call(shared.key, shared.history, node, edges, specs)
        outcome = self.cache.get(key)
        if not isinstance(outcome, Outcome):
            outcome = self._call_layer(layer, shared, key, (node, edges, specs))
        shared.history = key
        shared.calls.append((node, edges, specs))
        shared.result = outcome.layer
        self.nodes[node.id] = outcome
        self.walk.issues.extend(_warn(text, node, layer) for text in outcome.warnings)
        return len(outcome.outputs)

    def _call_layer(self, layer: Layer, shared: _SharedLayer, key: Key, call: Call) -> Outcome:
        failure_key = hash_failure(key, layer)
        if isinstance(known := self.cache.get(failure_key), LayerError):
            raise known.copy()
        instance = self._catch_up(layer, shared)
        try:
            outcome = self._call(layer, instance, call, trace=shared.is_new_input(call))
        except LayerError as fault:
            self.cache[failure_key] = fault.copy()
            shared.instance = None
            raise
        shared.seen += 1
        self.cache[key] = outcome
        return outcome

    def _catch_up(self, layer: Layer, shared: _SharedLayer) -> "keras.layers.Layer":
        """The layer's instance, after the calls of this check that were answered from memory."""
        if shared.instance is None:
            shared.instance, shared.seen = self._make_layer(layer, shared), 0
        for call in shared.calls[shared.seen :]:
            self._call(layer, shared.instance, call)
        shared.seen = len(shared.calls)
        return shared.instance

    def _make_layer(self, layer: Layer, shared: _SharedLayer) -> "keras.layers.Layer":
        failure_key = hash_failure(shared.key, layer)
        known = self.cache.get(failure_key)
        try:
            if isinstance(known, LayerError):
                raise known.copy()
            self._refuse_nested_faults(layer)
            return make_layer(layer, self._link_nested, None if LAYER_NAME.fullmatch(layer.keras_name) else UNNAMED)
        except LayerError as fault:
            self.cache[failure_key] = fault.copy()
            shared.failed = True
            raise

    def _refuse_nested_faults(self, layer: Layer) -> None:
        """Its issues are told already; what is left to say is that the layer cannot be made because of them."""
        if layer.graph is not None:
            refuse_deep_nesting(self.depth + 1, self.limits)
            if not self.nested[layer.id].ok:
                fault = nested_fault(layer.keras_name, self.nested[layer.id].issues)
                raise LayerError(fault.code, fault.message, fault.hint, fault.argument)

    def _link_nested(self, graph: Graph, name: str) -> "keras.Model":
        return link_nested(graph, name, self.limits, self.depth + 1)

    def _call(self, layer: Layer, instance: "keras.layers.Layer", call: Call, *, trace: bool = False) -> Outcome:
        node, edges, specs = call
        args, kwargs = assemble_call(node, edges, {edge_id: make_tensor(spec) for edge_id, spec in specs.items()})
        called = call_layer(layer, instance, args, kwargs, trace=trace)
        counts = count_parameters(layer.class_name, instance, self.limits)
        refuse_large_dimensions(layer.class_name, called.tensors, self.limits)
        return Outcome.of(specs.values(), map(read_spec, called.tensors), called.warnings, counts)

    def _check_total(self) -> None:
        """Puts the issue of a model that is too large as a whole on the node that makes it so."""
        total, counted = 0, set[str]()
        for node_id in self.nodes:
            layer_id = self.walk.topology.nodes[node_id].layer
            result = self.layers[layer_id].result
            if layer_id in counted or result is None:
                continue
            counted.add(layer_id)
            total += result.parameters
            if total > self.limits.max_parameters:
                fault = too_many_parameters(f"With this layer the model has {total:,} parameters", self.limits)
                self.walk.issues.append(fault.to_issue(node_id, layer_id))
                return


def _warn(text: str, node: Node, layer: Layer) -> Issue:
    return Issue(code="keras_warning", message=text, severity="warning", node=node.id, layer=layer.id)
