"""Random graphs for property-based tests: valid ones of every shape that a drawing can have, and ways to break them.

What fits where is asked of the check itself, which the tests hold against the real build.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from hypothesis import strategies as st
from pydantic import JsonValue

from engine.graph.document import Edge, Graph, Layer, Node, TensorReference
from engine.graph.topology import Topology
from engine.models.check import GraphChecker
from tests.engine.models.sketch import Sketch, Source

CHECKER = GraphChecker()
Option = TypeVar("Option")
Break = Callable[["Choices", Graph], tuple[Graph, str | None]]


class Choices:
    """The numbers that hypothesis drew, as one choice after the other.

    A graph is grown from them inside the test and not inside the strategy, because Keras itself draws random numbers.
    """

    def __init__(self, numbers: list[int]):
        self._numbers = iter(numbers)

    def of(self, options: Sequence[Option]) -> Option:
        """One of the options; the first once all numbers are used up."""
        return options[next(self._numbers, 0) % len(options)]

    def number(self, low: int, high: int) -> int:
        return self.of(range(low, high + 1))

    def flag(self) -> bool:
        return self.of([False, True])


choices = st.lists(st.integers(0, 10_000), min_size=4, max_size=60).map(Choices)


class Grower:
    """One graph that grows by layers that fit; every step chooses among the tensors that are there."""

    def __init__(self, choices: Choices, depth: int):
        self.choices = choices
        self.depth = depth
        self.sketch = Sketch()
        self.count = 0

    def units(self) -> int:
        return self.choices.number(1, 5)

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}_{self.count}"

    def tensors(self) -> dict[Source, tuple[int | None, ...]]:
        """Every tensor there is with its shape, as the check tells it."""
        result = CHECKER.check(self.sketch.graph)
        return {
            (node_id, index): tuple(spec.shape)
            for node_id, node in result.nodes.items()
            for index, spec in enumerate(node.outputs)
        }

    def of_rank(self, rank: int) -> list[Source]:
        return [source for source, shape in self.tensors().items() if len(shape) == rank]

    def grow(self, steps: int) -> None:
        growers = [
            self.add_dense, self.call_again, self.merge, self.recur, self.normalise, self.drop, self.attend,
            self.reshape, self.operate, self.calculate, self.nest, self.wrap,
        ]  # fmt: skip
        for _ in range(steps):
            self.choices.of(growers)()

    def add_dense(self) -> None:
        source = self.choices.of(list(self.tensors()))
        config: dict[str, JsonValue] = {"units": self.units()}
        if self.choices.flag():
            config |= {"activation": "relu", "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.25}}}
        self.sketch.add(self.name("dense"), "Dense", source, trainable=self.choices.flag())
        self.sketch.graph.layers[-1].config = config

    def call_again(self) -> None:
        """Another node of a layer, on a tensor of the shape that it was built for."""
        shapes = self.tensors()
        graph = self.sketch.graph
        calls = [
            (edge, source)
            for edge in graph.edges
            if edge.argument == 0 and not edge.path and sum(e.target == edge.target for e in graph.edges) == 1
            for source, shape in shapes.items()
            if shape == shapes[edge.source, edge.output]
        ]
        if calls:
            edge, source = self.choices.of(calls)
            layer = next(node.layer for node in graph.nodes if node.id == edge.target)
            self.sketch.call(layer, source, node=self.name("again"))

    def merge(self) -> None:
        shapes = self.tensors()
        first = self.choices.of(list(shapes))
        same = [source for source, shape in shapes.items() if shape == shapes[first]]
        others = [self.choices.of(same) for _ in range(self.choices.number(1, 2))]
        kind = self.choices.of(["Add", "Multiply", "Average", "Maximum", "Concatenate"])
        self.sketch.add(self.name("merge"), str(kind), [first, *others])

    def recur(self) -> None:
        sequences = self.of_rank(3)
        if not sequences:
            return
        units = self.choices.number(1, 3)
        first = self.name("lstm")
        source = self.choices.of(sequences)
        self.sketch.add(first, "LSTM", source, units=units, return_state=True, return_sequences=True)
        if self.choices.flag():
            second = self.sketch.add(self.name("lstm"), "LSTM", source, units=units)
            self.sketch.connect((first, 1), second, "initial_state", [0])
            self.sketch.connect((first, 2), second, "initial_state", [1])

    def normalise(self) -> None:
        kind = self.choices.of(["BatchNormalization", "LayerNormalization"])
        self.sketch.add(self.name("norm"), str(kind), self.choices.of(list(self.tensors())))

    def drop(self) -> None:
        source = self.choices.of(list(self.tensors()))
        self.sketch.add(self.name("drop"), "Dropout", source, arguments={"training": False}, rate=0.5)

    def attend(self) -> None:
        sequences = self.of_rank(3)
        if sequences:
            source = self.choices.of(sequences)
            keywords = {"query": source, "value": source}
            arguments: dict[str, JsonValue] = {"return_attention_scores": self.choices.flag()}
            self.sketch.add(
                self.name("attend"),
                "MultiHeadAttention",
                keywords=keywords,
                arguments=arguments,
                num_heads=1,
                key_dim=2,
            )

    def reshape(self) -> None:
        self.sketch.add(self.name("flat"), "Flatten", self.choices.of(list(self.tensors())))

    def operate(self) -> None:
        """An operation of keras.ops on a tensor and a constant, on two tensors, on a list, or with arguments."""
        shapes = self.tensors()
        first = self.choices.of(list(shapes))
        name, kind = self.name("op"), self.choices.of(["constant", "two", "list", "slice", "reduce"])
        if kind == "constant":
            self.add_operation(name, "add", first, {"1": 0.5})
        elif kind == "two":
            self.add_operation(name, "multiply", first, {})
            self.sketch.connect(first, name, 1)
        elif kind == "list":
            self.add_operation(name, "concatenate", [first, first], {}, axis=-1)
        elif kind == "slice":
            stop: JsonValue = {"class_name": "__slice__", "config": {"start": None, "stop": 1, "step": None}}
            self.add_operation(name, "get_item", first, {"1": [stop, stop]})
        elif len(shapes[first]) > 1:
            self.add_operation(name, "sum", first, {}, axis=-1, keepdims=True)

    def add_operation(
        self,
        name: str,
        function: str,
        inputs: Source | list[Source],
        arguments: dict[str, JsonValue],
        **config: JsonValue,
    ) -> None:
        self.sketch.add(name, function, inputs, arguments=arguments)
        layer = self.sketch.graph.layers[-1]
        layer.package, layer.config = "keras.ops", config

    def calculate(self) -> None:
        """A formula of our own language."""
        self.sketch.add(self.name("formula"), "Expression", self.choices.of(list(self.tensors())))
        layer = self.sketch.graph.layers[-1]
        layer.package, layer.config = "layerloom", {"expression": self.choices.of(["x * sigmoid(x)", "x + 1"])}

    def nest(self) -> None:
        """A model inside, called once or twice, on one tensor or two."""
        if self.depth == 0:
            return
        shapes = self.tensors()
        sources = [self.choices.of(list(shapes)) for _ in range(self.choices.number(1, 2))]
        inner = self.grow_inner([shapes[source] for source in sources])
        name = self.name("model")
        arguments = sources if len(sources) > 1 else sources[0]
        self.sketch.add(name, "Functional", arguments, graph=inner, trainable=self.choices.flag())
        if self.choices.flag():
            self.sketch.call(name, arguments, node=self.name("again"))

    def wrap(self) -> None:
        sequences = self.of_rank(3)
        if self.depth == 0 or not sequences:
            return
        source = self.choices.of(sequences)
        shape = self.tensors()[source]
        inner = self.grow_inner([(None, *shape[2:])], outputs=1)
        inner.name = self.name("inner")
        self.sketch.add(self.name("wrapped"), "TimeDistributed", source, graph=inner)

    def grow_inner(self, shapes: list[tuple[int | None, ...]], outputs: int | None = None) -> Graph:
        inner = Grower(self.choices, self.depth - 1)
        for shape in shapes:
            inner.sketch.add(inner.name("input"), "InputLayer", shape=list(shape[1:]))
        for node in [node.id for node in inner.sketch.graph.nodes]:
            inner.sketch.add(inner.name("dense"), "Dense", node, units=self.units())
        inner.grow(self.choices.number(0, 2))
        return inner.end(outputs)

    def end(self, outputs: int | None = None) -> Graph:
        """The graph, with its outputs derived or named in any order."""
        inputs = {layer.id for layer in self.sketch.graph.layers if layer.class_name == "InputLayer"}
        made = [source for source in self.tensors() if source[0] not in inputs]
        if outputs is not None or self.choices.flag():
            chosen = dict.fromkeys(self.choices.of(made) for _ in range(outputs or self.choices.number(1, 3)))
            self.sketch.end(*chosen)
            self.sketch.graph.inputs = [TensorReference(node=name) for name in sorted(inputs, reverse=True)]
        return self.sketch.graph


def grow_graph(choices: Choices, depth: int = 2) -> Graph:
    """A graph that Keras can build: shared, nested and wrapped layers, several ends, keywords, constants."""
    grower = Grower(choices, depth)
    for _ in range(choices.number(1, 2)):
        name = grower.sketch.add(grower.name("input"), "InputLayer", shape=choices.of(SHAPES))
        grower.sketch.add(grower.name("dense"), "Dense", name, units=grower.units())
    grower.grow(choices.number(1, 5))
    return grower.end()


SHAPES: list[JsonValue] = [[3], [4], [5, 3]]
GARBAGE: list[JsonValue] = (
    [None, True, -1, 0, 10**30, 1e308, "", "relu", "../x", [], [[[]]], {}, {"class_name": "Lambda", "config": {}},
     {"class_name": "Nothing"}, ["a", 1], {"a": {"b": {"c": None}}}]
)  # fmt: skip


def break_graph(choices: Choices) -> tuple[Graph, str | None]:
    """A graph with something wrong in it, and the id of the node that must say so, where one alone is to blame."""
    graph = grow_graph(choices, depth=1)
    return choices.of(BREAKS)(choices, graph)


def _inner_nodes(graph: Graph) -> list[Node]:
    inputs = {layer.id for layer in graph.layers if layer.class_name == "InputLayer"}
    return [node for node in graph.nodes if node.layer not in inputs]


def _first_call(graph: Graph, layer_id: str) -> str:
    """The node that shows what is wrong with a layer: the first of its calls in the order of the calls."""
    topology = Topology(graph)
    return next(node_id for node_id in topology.order() if topology.nodes[node_id].layer == layer_id)


def _lose_layer(choices: Choices, graph: Graph) -> tuple[Graph, str | None]:
    node = choices.of(_inner_nodes(graph))
    graph.layers = [layer for layer in graph.layers if layer.id != node.layer]
    return graph, node.id


def _break_units(choices: Choices, graph: Graph) -> tuple[Graph, str | None]:
    layer = choices.of([layer for layer in graph.layers if layer.class_name == "Dense"])
    wrong: list[JsonValue] = [0, -3, "many", None, 10**12, [2]]
    layer.config["units"] = choices.of(wrong)
    return graph, _first_call(graph, layer.id)


def _rename_class(choices: Choices, graph: Graph) -> tuple[Graph, str | None]:
    node = choices.of(_inner_nodes(graph))
    layer = next(layer for layer in graph.layers if layer.id == node.layer)
    layer.class_name = choices.of(["Dens", "Lambda", "os.system", "Layer", "Adam"])
    return graph, _first_call(graph, layer.id)


def _make_cycle(choices: Choices, graph: Graph) -> tuple[Graph, str | None]:
    edge = choices.of([edge for edge in graph.edges if edge.argument == 0])
    graph.edges = [other for other in graph.edges if other.id != edge.id]
    graph.edges.append(edge.model_copy(update={"source": edge.target, "output": 0}))
    return graph, edge.target


def _cut_off(choices: Choices, graph: Graph) -> tuple[Graph, str | None]:
    node = choices.of(_inner_nodes(graph))
    graph.edges = [edge for edge in graph.edges if edge.target != node.id]
    return graph, node.id


def _take_wrong_output(choices: Choices, graph: Graph) -> tuple[Graph, str | None]:
    edge = choices.of(graph.edges)
    edge.output = 77
    return graph, edge.target


def _scramble(choices: Choices, graph: Graph) -> tuple[Graph, str | None]:
    """Anything anywhere: it may even still be right."""
    for _ in range(choices.number(1, 4)):
        choices.of([_scramble_config, _scramble_call, _scramble_edge, _scramble_node, _scramble_ends])(choices, graph)
    return graph, None


def _scramble_config(choices: Choices, graph: Graph) -> None:
    layer: Layer = choices.of(graph.layers)
    key = choices.of([*layer.config, "name", "dtype", "units", "activation", "unheard_of"])
    layer.config[key] = choices.of(GARBAGE)


def _scramble_call(choices: Choices, graph: Graph) -> None:
    choices.of(graph.nodes).arguments[choices.of(["0", "1", "mask", "training", "x y"])] = choices.of(GARBAGE)


def _scramble_edge(choices: Choices, graph: Graph) -> None:
    edge: Edge = choices.of(graph.edges)
    edge.path, edge.argument = [0, 3], "anything"


def _scramble_node(choices: Choices, graph: Graph) -> None:
    choices.of(graph.nodes).layer = choices.of(graph.layers).id


def _scramble_ends(choices: Choices, graph: Graph) -> None:
    graph.outputs = [TensorReference(node=choices.of(graph.nodes).id, output=3), TensorReference(node="nowhere")]


BREAKS: list[Break] = [
    _lose_layer, _break_units, _rename_class, _make_cycle, _cut_off, _take_wrong_output, _scramble,
]  # fmt: skip
