"""A short way to write graph documents in tests."""

from collections.abc import Mapping

from pydantic import JsonValue

from engine.graph.document import Edge, Graph, Layer, Node, TensorReference

Source = str | tuple[str, int]
"""A node, or one of its outputs."""

Described = tuple[str, dict[str, JsonValue]]
"""A layer's class name and config."""


class Sketch:
    """A document that grows layer by layer. Nodes have the ids of their layers, unless a layer is called again."""

    def __init__(self) -> None:
        self.graph = Graph()

    def add(
        self,
        name: str,
        class_name: str,
        inputs: Source | list[Source] | None = None,
        *,
        trainable: bool = True,
        graph: Graph | None = None,
        keywords: Mapping[str, Source] | None = None,
        arguments: dict[str, JsonValue] | None = None,
        **config: JsonValue,
    ) -> str:
        """A layer and a node that calls it on one tensor, or on a list of them."""
        self.graph.layers.append(Layer(id=name, class_name=class_name, config=config, trainable=trainable, graph=graph))
        return self.call(name, inputs, node=name, keywords=keywords, arguments=arguments)

    def call(
        self,
        layer: str,
        inputs: Source | list[Source] | None,
        *,
        node: str,
        keywords: Mapping[str, Source] | None = None,
        arguments: dict[str, JsonValue] | None = None,
    ) -> str:
        """One more node that calls a layer."""
        self.graph.nodes.append(Node(id=node, layer=layer, arguments=arguments or {}))
        if isinstance(inputs, list):
            for place, source in enumerate(inputs):
                self.connect(source, node, path=[place])
        elif inputs is not None:
            self.connect(inputs, node)
        for argument, source in (keywords or {}).items():
            self.connect(source, node, argument=argument)
        return node

    def connect(
        self, source: Source, target: str, argument: int | str = 0, path: list[int | str] | None = None
    ) -> None:
        """An edge."""
        node, output = source if isinstance(source, tuple) else (source, 0)
        identifier = f"e{len(self.graph.edges)}"
        self.graph.edges.append(
            Edge(id=identifier, source=node, output=output, target=target, argument=argument, path=path or [])
        )

    def end(self, *outputs: Source) -> Graph:
        """The document, with these outputs."""
        pairs = [source if isinstance(source, tuple) else (source, 0) for source in outputs]
        self.graph.outputs = [TensorReference(node=node, output=output) for node, output in pairs]
        return self.graph


def dense(units: int) -> Described:
    """A Dense for `make_chain`."""
    return "Dense", {"units": units}


def make_chain(*layers: Described, shape: list[int | None] | None = None) -> Graph:
    """An input `x` and layers `layer_0`, `layer_1`, … one after the other."""
    sketch = Sketch()
    before = sketch.add("x", "InputLayer", shape=[*(shape or [8])])
    for index, (class_name, config) in enumerate(layers):
        before = sketch.add(f"layer_{index}", class_name, before)
        sketch.graph.layers[-1].config = config
    return sketch.graph
