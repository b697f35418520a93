"""Places for the nodes of a graph that comes without any, found by Graphviz's `dot`, in nested graphs too."""

import pygraphviz

from engine.graph.document import Graph, Layout, Position

NODE_WIDTH, NODE_HEIGHT = 224, 88
"""How large the page draws a node, in canvas pixels at zoom 1."""

GAP_BESIDE, GAP_BELOW = 40, 56
POINTS_PER_INCH = 72
"""Graphviz takes sizes in inches and answers places in points; a point stands for a pixel here."""


def lay_out_graph(graph: Graph) -> Layout:
    """A place for every node, from top to bottom, each below what it depends on."""
    nested = {layer.id: lay_out_graph(layer.graph) for layer in graph.layers if layer.graph is not None}
    return Layout(positions=_place_nodes(graph), nested=nested)


def _place_nodes(graph: Graph) -> dict[str, Position]:
    """Top left corners. The document's ids stay out of the drawing: Graphviz would read some of them as more."""
    numbers = {node.id: str(index) for index, node in enumerate(graph.nodes)}
    drawing = pygraphviz.AGraph(strict=False, directed=True)
    drawing.graph_attr.update(ranksep=GAP_BELOW / POINTS_PER_INCH, nodesep=GAP_BESIDE / POINTS_PER_INCH)
    size = {"width": NODE_WIDTH / POINTS_PER_INCH, "height": NODE_HEIGHT / POINTS_PER_INCH}
    drawing.node_attr.update(shape="box", fixedsize="true", **size)
    drawing.add_nodes_from(numbers.values())
    for edge in graph.edges:
        if edge.source in numbers and edge.target in numbers:
            drawing.add_edge(numbers[edge.source], numbers[edge.target])
    with drawing:
        drawing.layout("dot")
        centres = {node_id: _read_place(drawing.get_node(number)) for node_id, number in numbers.items()}
    left = min((x for x, _ in centres.values()), default=0)
    top = max((y for _, y in centres.values()), default=0)
    return {node_id: Position(x=round(x - left), y=round(top - y)) for node_id, (x, y) in centres.items()}


def _read_place(node: "pygraphviz.Node") -> tuple[float, float]:
    x, y = node.attr["pos"].split(",")
    return float(x), float(y)
