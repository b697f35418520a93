"""The costs of a graph: FLOPs, memory for a batch, memory of parameters, and each node's share of them."""

from collections import Counter
from dataclasses import dataclass

import keras
from cachetools import LRUCache

from engine.graph.document import Edge, Graph, Layer, Node
from engine.graph.topology import Topology
from engine.layers.scope import open_symbolic_scope
from engine.models.activation_memory import ActivationMemory, measure_activations
from engine.models.builder import link_nested
from engine.models.cache import Key, hash_call, hash_layer
from engine.models.check import GraphChecker
from engine.models.cost_results import CostResult, CostSettings, LayerCost, NodeCost
from engine.models.instantiate import MODEL_CLASSES, read_inner_graph
from engine.models.known_sizes import Shape, choose_shapes, fix_sizes
from engine.models.optimizer_memory import OptimizerMeter, count_bytes
from engine.models.results import CheckResult, TensorSpec
from engine.models.tensors import Spec
from engine.models.tracing import TracedCall, Weight, trace_call
from engine.models.unlearned import stand_in

NOT_TRACED = TracedCall(None, unknown="Keras refuses the call.")


class CostCounter:
    """Counts costs and remembers the calls, so that after an edit only what it changed is traced again.

    Not safe for use by several threads at once: Keras's scopes belong to a thread.
    """

    def __init__(self, checker: GraphChecker):
        self.checker = checker
        self.traced: LRUCache[Key, TracedCall] = LRUCache(maxsize=checker.limits.max_cached_calls)
        self.optimizers = OptimizerMeter()

    def count(
        self, graph: Graph, settings: CostSettings, optimizer: "keras.optimizers.Optimizer | None" = None
    ) -> CostResult:
        """The costs for one batch; `optimizer` has to be new. Allocates nothing.

        What cannot be called has no costs, and an issue says why, as in a check. Raises `EngineError` where
        `settings.dims` do not fit the graph's inputs.
        """
        before = keras.config.dtype_policy()
        keras.config.set_dtype_policy(settings.precision)
        try:
            with open_symbolic_scope():
                shapes = choose_shapes(graph, settings.batch_size, settings.dims)
            counted = _Counting(self, graph, settings, shapes).run()
        finally:
            keras.config.set_dtype_policy(before)
        if optimizer is None:
            return counted.result
        slots = self.optimizers.count_bytes(optimizer, counted.weights)
        return counted.result.model_copy(
            update={
                "optimizer": type(optimizer).__name__,
                "optimizer_bytes": slots,
                "training_bytes": counted.result.training_bytes + slots,
            }
        )


@dataclass(frozen=True)
class Counted:
    """The costs of a graph, and its trainable weights."""

    result: CostResult
    weights: list[Weight]


class _Counting:
    """One graph whose costs are counted."""

    def __init__(
        self,
        counter: CostCounter,
        graph: Graph,
        settings: CostSettings,
        shapes: dict[str, Shape],
        *,
        is_nested: bool = False,
    ):
        self.counter = counter
        self.settings = settings
        self.is_nested = is_nested
        with open_symbolic_scope():
            self.topology = Topology(fix_sizes(stand_in(graph), shapes))
        self.check: CheckResult = counter.checker.check(self.topology.graph)
        self.order = [node_id for node_id in self.topology.callable_order() if node_id in self.check.nodes]
        self.calls: dict[str, TracedCall] = {}
        self.nested: dict[str, CostResult] = {}
        self.weights: dict[str, list[Weight]] = {}

    def run(self) -> Counted:
        for node_id in self.order:
            if not self.topology.is_input(node_id):
                self._count_node(self.topology.nodes[node_id])
        weights = [weight for of_layer in self.weights.values() for weight in of_layer]
        return Counted(self._sum_up(weights), weights)

    def _count_node(self, node: Node) -> None:
        layer, edges = self.topology.layers[node.layer], self.topology.incoming[node.id]
        specs = {edge.id: self._read_spec(edge) for edge in edges}
        key = hash_call(hash_layer(layer), b"costs", node, edges, specs)
        if (call := self.counter.traced.get(key)) is None:
            self.counter.traced[key] = call = self._trace(layer, node, edges, specs)
        self.calls[node.id] = call
        if layer.id not in self.weights:
            name = layer.keras_name
            self.weights[layer.id] = [Weight((name, *one.path), one.shape, one.dtype) for one in call.weights]
            self._look_inside(layer, list(specs.values()))

    def _read_spec(self, edge: Edge) -> Spec:
        spec = self.check.nodes[edge.source].outputs[edge.output]
        return Spec(tuple(spec.shape), spec.dtype)

    def _trace(self, layer: Layer, node: Node, edges: list[Edge], specs: dict[str, Spec]) -> TracedCall:
        try:
            with open_symbolic_scope():
                return trace_call(
                    layer, node, edges, specs, lambda inner, name: link_nested(inner, name, self.counter.checker.limits)
                )
        except Exception:  # noqa: BLE001 - the check has called it already, and says what there is to say
            return NOT_TRACED

    def _look_inside(self, layer: Layer, specs: list[Spec]) -> None:
        """Counts the graph that the layer holds, for what comes into the layer's first call."""
        if layer.graph is None:
            return
        graph = read_inner_graph(layer)
        with open_symbolic_scope():
            shapes = choose_shapes(graph, self.settings.batch_size, {})
        inputs = [reference.node for reference in Topology(graph).inputs()]
        if layer.class_name in MODEL_CLASSES and len(inputs) == len(specs):
            shapes |= {node: list(spec.shape) for node, spec in zip(inputs, specs, strict=True) if node in shapes}
        self.nested[layer.id] = _Counting(self.counter, graph, self.settings, shapes, is_nested=True).run().result

    def _sum_up(self, weights: list[Weight]) -> CostResult:
        layers = self.topology.layers
        models = {
            layer_id: cost for layer_id, cost in self.nested.items() if layers[layer_id].class_name in MODEL_CLASSES
        }
        memory = measure_activations(self.topology, self.order, self.check, models, is_nested=self.is_nested)
        nodes = {node_id: self._describe(node_id, memory) for node_id in self.order}
        flops = sum(node.flops or 0 for node in nodes.values())
        gradients = sum(count_bytes(weight.shape, weight.dtype) for weight in weights)
        for node in nodes.values():
            node.flops_share = _share(node.flops, flops)
            node.activation_share = _share(node.activation_bytes, sum(memory.of_node.values()))
        uncounted = sum((Counter(node.uncounted) for node in nodes.values()), Counter[str]())
        return CostResult(
            ok=self.check.ok,
            issues=self.check.issues,
            batch_size=self.settings.batch_size,
            precision=self.settings.precision,
            nodes=nodes,
            layers={layer_id: self._describe_layer(layer_id) for layer_id in self.check.layers},
            flops=flops,
            forward_bytes=memory.peak,
            kept_bytes=memory.kept,
            parameters=self.check.parameters,
            trainable_parameters=self.check.trainable_parameters,
            parameter_bytes=self.check.parameter_bytes,
            gradient_bytes=gradients,
            optimizer_bytes=0,
            training_bytes=self.check.parameter_bytes + gradients + memory.kept,
            uncounted=dict(uncounted.most_common()),
            unknown=[node_id for node_id, node in nodes.items() if node.unknown],
            nested=self.nested,
        )

    def _describe(self, node_id: str, memory: ActivationMemory) -> NodeCost:
        outputs: list[TensorSpec] = self.check.nodes[node_id].outputs
        size = memory.of_node.get(node_id)
        call = self.calls.get(node_id, TracedCall(0))
        open_size = "The size of an output tensor is not known." if size is None else None
        return NodeCost(
            outputs=outputs,
            flops=call.flops,
            activation_bytes=size,
            uncounted=call.uncounted,
            unknown=call.unknown or open_size,
        )

    def _describe_layer(self, layer_id: str) -> LayerCost:
        layer = self.check.layers[layer_id]
        share = _share(layer.parameters, self.check.parameters) or 0.0
        return LayerCost(**layer.model_dump(), parameter_share=share)


def _share(part: int | None, whole: int) -> float | None:
    return None if part is None or whole == 0 else part / whole
