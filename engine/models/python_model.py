"""The function that makes one model: as a list of layers where it is a plain chain, otherwise call by call."""

import ast
from collections import Counter
from itertools import pairwise

import keras

from engine.graph.document import Graph, Layer, Node
from engine.graph.topology import Topology
from engine.layers.code import PACKAGE as CODE_PACKAGE
from engine.layers.learned import has_unlearned, is_unlearned
from engine.layers.own.registry import PACKAGE as OWN_PACKAGE
from engine.layers.safety import resolve_layer_class
from engine.models.builder import Trace, trace_graph
from engine.models.calls import assemble_call, sort_edges
from engine.models.instantiate import MODEL_CLASSES, read_inner_graph
from engine.models.python_adapting import ADAPT, COMPUTE, SAMPLES, find_learning_calls, write_learning
from engine.models.python_applications import is_application_layer
from engine.models.python_defaults import drop_defaults
from engine.models.python_expressions import is_formula, write_formula_call
from engine.models.python_operations import (
    NAMING,
    is_operation_layer,
    list_taken_names,
    may_be_taken,
    write_operation_call,
)
from engine.models.python_values import Expression, call, make_identifier, name, write_constructor, write_value
from engine.models.unlearned import stand_in

FITTED = (
    f"Its preprocessing layers are fitted to {SAMPLES}, the samples that train it. Without any they stay as Keras makes"
    "\n    them: for weights that are loaded afterwards."
)


class ModelFunction:
    """One graph on its way to a function of this name, which answers a model of that name.

    Where layers of the graph have still to learn, the function takes the samples that they are fitted to.
    """

    def __init__(self, graph: Graph, trace: Trace, function: str, model_name: str, functions: set[str]):
        self.graph = graph
        self.topology = Topology(graph)
        self.trace = trace
        self.function = function
        self.model_name = model_name
        self.functions = functions
        self.calls = Counter(node.layer for node in graph.nodes)
        self.nested: list[ast.stmt] = []
        self.nested_names: dict[str, str] = {}
        self.variables: dict[str, str] = {}
        self.shared: dict[str, str] = {}
        self.learns = has_unlearned(graph)
        self.taken = {"keras", "layers", "model", *((SAMPLES, ADAPT, COMPUTE) if self.learns else ())}

    def write_all(self) -> list[ast.stmt]:
        """The functions of the nested graphs, the innermost first, and then this one."""
        self._write_nested()
        body = self._write_chain() or self._write_calls()
        text = f"Make the model {self.model_name}, with new weights."
        samples: list[ast.arg] = []
        defaults: list[ast.expr] = []
        if self.learns:
            text = f"{text}\n\n    {FITTED}\n    "
            samples, defaults = [ast.arg(SAMPLES)], [ast.Constant(None)]
        doc = ast.Expr(ast.Constant(text))
        arguments = ast.arguments([], samples, None, [], [], None, defaults)
        made = ast.FunctionDef(self.function, arguments, [doc, *body], [], name("keras.Model"), None)
        return [*self.nested, made]

    def _write_nested(self) -> None:
        for layer in self.topology.layers.values():
            if layer.graph is not None and self.calls[layer.id]:
                graph = read_inner_graph(layer)
                wrapped = None if layer.class_name in MODEL_CLASSES else graph.name
                model_name = wrapped or layer.keras_name
                function = make_identifier(f"build_{model_name}", self.functions)
                self.nested_names[layer.id] = function
                trace = trace_graph(stand_in(graph), model_name)
                self.nested += ModelFunction(graph, trace, function, model_name, self.functions).write_all()

    def _write_chain(self) -> list[ast.stmt] | None:
        """The body as a Sequential; None where the graph is not a chain of layers called in the plainest way."""
        order = self.topology.order()
        ends_are_derived = self.graph.inputs is None and self.graph.outputs is None
        plain = (
            (ends_are_derived or self.graph.class_name == "Sequential")
            and len(self.graph.edges) == len(order) - 1
            and not any(is_operation_layer(layer) for layer in self.topology.layers.values())
            and all(not node.arguments and self.calls[node.layer] == 1 for node in self.topology.nodes.values())
            and not any(is_formula(layer) for layer in self.topology.layers.values())
            and all(edge.argument in (0, "0") and not edge.path for edge in self.graph.edges)
            and all(self.trace.paths[node_id] == [()] for node_id in order)
            and all(self.topology.incoming[node][0].source == before for before, node in pairwise(order))
        )
        if not plain or len(order) < 2:
            return None
        body: list[ast.stmt] = []
        learning = [place for place, node_id in enumerate(order) if is_unlearned(self._layer(node_id))]
        layers = self._write_learning_links(order[: learning[-1] + 1], body) if learning else []
        layers += [self._write_link(self._layer(node_id), body) for node_id in order[len(layers) :]]
        made = call(name("keras.Sequential"), [ast.List(layers)], name=ast.Constant(self.model_name))
        return [*body, ast.Return(made)]

    def _write_learning_links(self, order: list[str], body: list[ast.stmt]) -> list[ast.expr]:
        """The beginning of a chain up to the last layer that is fitted, made in the body before."""
        links: list[ast.expr] = []
        reached: ast.expr | None = None
        for layer in map(self._layer, order):
            variable = make_identifier(layer.keras_name, self.taken)
            made = self._write_link(layer, body)
            if is_unlearned(layer) and reached is not None and isinstance(made, ast.Call):
                made = write_learning(layer, made, [reached], links[:1])
            body.append(_assign(variable, made))
            reached = name(variable) if reached is None else call(name(variable), [reached])
            links.append(name(variable))
        return links

    def _write_link(self, layer: Layer, body: list[ast.stmt]) -> ast.expr:
        """A layer of a chain, in its place or, where it is a frozen model, made in the body before."""
        made = self._write_layer(layer)
        if layer.graph is None or layer.trainable:
            return made
        variable = make_identifier(layer.keras_name, self.taken)
        body += [_assign(variable, made), _assign(f"{variable}.trainable", ast.Constant(value=False))]
        return name(variable)

    def _write_calls(self) -> list[ast.stmt]:
        body: list[ast.stmt] = []
        ends = [reference.node for reference in self.topology.inputs()]
        needed = self.topology.before(self.topology.output_nodes()) | {*ends}
        # Samples are given for all inputs, so these come first where layers are fitted to some.
        for node_id in [*(ends if self.learns else ()), *self.topology.order()]:
            if node_id in needed:
                body += self._write_reached(node_id)
        inputs = [self._tensor(reference.node, reference.output) for reference in self.topology.inputs()]
        model = call(
            name("keras.Model"),
            inputs=_unpack(inputs),
            outputs=_unpack(self._list_outputs()),
            name=ast.Constant(self.model_name),
        )
        return [*body, ast.Return(model)]

    def _write_reached(self, node_id: str) -> list[ast.stmt]:
        """A node, where it is not written yet, after all that the layer that it calls learns from."""
        if node_id in self.variables:
            return []
        body: list[ast.stmt] = []
        layer = self._layer(node_id)
        if is_unlearned(layer):
            calls = find_learning_calls(self.topology, layer)
            before = self.topology.before([edge.source for one in calls for edge in self.topology.incoming[one]])
            for one in self.topology.order():
                body += self._write_reached(one) if one in before else []
        return [*body, *self._write_node(self.topology.nodes[node_id])]

    def _write_fitted(self, layer: Layer, made: ast.Call) -> ast.Call:
        """The layer, fitted to what its calls get where it has still to learn."""
        if not is_unlearned(layer):
            return made
        calls = find_learning_calls(self.topology, layer)
        edges = [edge for node_id in calls for edge in sort_edges(self.topology.incoming[node_id])]
        inputs = [self._tensor(one.node, one.output) for one in self.topology.inputs()]
        return write_learning(layer, made, [self._tensor(edge.source, edge.output) for edge in edges], inputs)

    def _write_node(self, node: Node) -> list[ast.stmt]:
        layer = self._layer(node.id)
        if is_operation_layer(layer):
            return self._write_operation(node, layer)
        body: list[ast.stmt] = []
        made: ast.expr = self._write_fitted(layer, self._write_layer(layer))
        if self.calls[layer.id] > 1 or (layer.graph is not None and not layer.trainable):
            if layer.id not in self.shared:
                self.shared[layer.id] = make_identifier(f"{layer.keras_name}_layer", self.taken)
                body.append(_assign(self.shared[layer.id], made))
                if layer.graph is not None and not layer.trainable:
                    body.append(_assign(f"{self.shared[layer.id]}.trainable", ast.Constant(value=False)))
            made = name(self.shared[layer.id])
        if not self.topology.is_input(node.id):
            edges = self.topology.incoming[node.id]
            tensors = {edge.id: Expression(self._tensor(edge.source, edge.output)) for edge in edges}
            args, kwargs = assemble_call(node, edges, tensors)
            tensors_first = sorted(kwargs.items(), key=lambda item: item[0] in node.arguments)
            spoken = {key: write_value(value) for key, value in tensors_first}
            made = call(made, [write_value(value) for value in args], **spoken)
            if is_formula(layer):
                made = self._write_formula(node, layer, args)
        self.variables[node.id] = make_identifier(node.id, self.taken)
        return [*body, _assign(self.variables[node.id], made)]

    def _write_formula(self, node: Node, layer: Layer, args: list[object]) -> ast.expr:
        """Plain code, under the layer's name where it is an output of the model."""
        made = write_formula_call(layer, args)
        references = self.graph.outputs
        ends = self.topology.output_nodes() if references is None else [reference.node for reference in references]
        if self.trace.paths[node.id] == [()] and node.id in ends:
            return call(call(name("layers.Identity"), name=ast.Constant(layer.keras_name)), [made])
        return made

    def _write_operation(self, node: Node, layer: Layer) -> list[ast.stmt]:
        edges = self.topology.incoming[node.id]
        tensors = {edge.id: Expression(self._tensor(edge.source, edge.output)) for edge in edges}
        made = write_operation_call(layer, *assemble_call(node, edges, tensors))
        if may_be_taken(layer, list_taken_names(self.topology.layers.values())):
            made = call(name(NAMING), [made, ast.Constant(layer.keras_name)])
        self.variables[node.id] = make_identifier(node.id, self.taken)
        return [_assign(self.variables[node.id], made)]

    def _write_layer(self, layer: Layer) -> ast.Call:
        if layer.graph is not None and layer.class_name in MODEL_CLASSES:
            return call(name(self.nested_names[layer.id]))
        layer_class = resolve_layer_class(layer.class_name, layer.package, layer.code)
        public = getattr(keras.layers, layer.class_name, None)
        class_name = layer.class_name if public is layer_class else layer_class.__name__
        module = "" if layer.package == OWN_PACKAGE or is_application_layer(layer_class) else "layers."
        function = name("keras.Input" if layer_class is keras.layers.InputLayer else f"{module}{class_name}")
        if layer.package == CODE_PACKAGE:
            function = name(layer.class_name)
        made = write_constructor(function, layer_class, drop_defaults(layer, layer_class, self.trace.layers[layer.id]))
        if layer.graph is not None:
            # A wrapper: the argument that takes a layer comes first, as a person writes it.
            made.args.insert(0, call(name(self.nested_names[layer.id])))
        elif not layer.trainable and layer_class is not keras.layers.InputLayer:
            made.keywords.append(ast.keyword("trainable", ast.Constant(value=False)))
        made.keywords.append(ast.keyword("name", ast.Constant(layer.keras_name)))
        return made

    def _layer(self, node_id: str) -> Layer:
        return self.topology.layers[self.topology.nodes[node_id].layer]

    def _tensor(self, node_id: str, output: int) -> ast.expr:
        tree = name(self.variables[node_id])
        for step in self.trace.paths[node_id][output]:
            tree = ast.Subscript(tree, ast.Constant(step))
        return tree

    def _list_outputs(self) -> list[ast.expr]:
        if self.graph.outputs is not None:
            return [self._tensor(reference.node, reference.output) for reference in self.graph.outputs]
        return [
            self._tensor(node_id, output)
            for node_id in self.topology.output_nodes()
            for output in range(len(self.trace.paths[node_id]))
        ]


def _assign(target: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([name(target)], value)


def _unpack(tensors: list[ast.expr]) -> ast.expr:
    return tensors[0] if len(tensors) == 1 else ast.List(tensors)
