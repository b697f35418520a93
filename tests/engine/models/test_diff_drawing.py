"""The picture of a comparison: everything in it, in colours, and nothing that a document says can be more than text."""

from xml.etree import ElementTree as ET

import pytest

from engine.errors import EngineError
from engine.graph.document import Graph, Layer, Node
from engine.models.check import GraphChecker
from engine.models.diff_drawing import STYLES, draw_difference
from engine.models.diffing import diff_graphs
from engine.models.limits import Limits
from tests.engine.models.sketch import Sketch, dense, make_chain

HOSTILE = [
    "<b>x</b>",
    "<script>alert(1)</script>",
    "\\N \\G \\l",
    '"];evil[',
    "a\x00b\x1bc",
    "]]>&amp;",
    "\u2028",
    "{|}",
]


def read_texts(svg: bytes) -> list[str]:
    root = ET.fromstring(svg)
    return [(element.text or "").strip() for element in root.iter("{http://www.w3.org/2000/svg}text")]


def name_layers(*names: str) -> Graph:
    return Graph(
        layers=[Layer(id=f"l{i}", class_name=name, name=name) for i, name in enumerate(names)],
        nodes=[Node(id=f"l{i}", layer=f"l{i}") for i in range(len(names))],
    )


def test_the_picture_says_what_was_added_removed_and_changed():
    before, after = make_chain(dense(4), dense(3)), make_chain(dense(5), dense(3), ("Dropout", {"rate": 0.5}))
    after.layers[2].config["kernel_initializer"] = {"class_name": "HeNormal", "config": {}}

    svg = draw_difference(before, after)

    texts = read_texts(svg)
    assert {"x", "layer_2", "units: 4 → 5", "kernel_initializer: not set → HeNormal"} <= set(texts)
    assert {style.label for style in STYLES.values()} <= set(texts)
    assert STYLES["added"].fill.encode() in svg


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_and_nothing_else(name: str):
    svg = draw_difference(Graph(), name_layers(name))

    tags = {element.tag.rsplit("}")[-1] for element in ET.fromstring(svg).iter()}
    assert tags <= {"svg", "g", "title", "path", "text", "polygon", "ellipse"}
    if name.isprintable():
        assert read_texts(svg).count(name) == 2  # the name and the class


def test_of_a_large_graph_only_what_differs_is_drawn_with_its_neighbours():
    before = make_chain(*[dense(3)] * 30)
    after = make_chain(*[dense(3)] * 30)
    after.layers[10].config = {"units": 4}

    texts = read_texts(draw_difference(before, after, Limits(max_drawn_nodes=10)))

    assert {"layer_8", "layer_9", "layer_10"} <= set(texts)
    assert "layer_20" not in texts


def test_a_picture_of_too_many_differences_is_refused():
    with pytest.raises(EngineError) as refusal:
        draw_difference(Graph(), make_chain(*[dense(3)] * 30), Limits(max_drawn_nodes=10))

    assert refusal.value.code == "drawing_too_large"


def test_parameters_are_counted_on_both_sides_and_for_each_changed_layer():
    result = diff_graphs(GraphChecker(), make_chain(dense(4)), make_chain(dense(5)))

    assert (result.before.parameters, result.after.parameters) == (36, 45)
    (layer,) = result.diff.layers
    assert (layer.parameters_before, layer.parameters_after) == (36, 45)


def test_parameters_inside_a_nested_graph_are_counted_where_it_differs():
    def nest(units: int) -> Graph:
        sketch = Sketch()
        sketch.add("y", "InputLayer", shape=[8])
        sketch.add("block", "Functional", "y", graph=make_chain(dense(units)))
        return sketch.graph

    (block,) = diff_graphs(GraphChecker(), nest(4), nest(5)).diff.layers

    assert block.nested is not None
    assert (block.nested.layers[0].parameters_before, block.nested.layers[0].parameters_after) == (36, 45)


def test_a_side_that_cannot_be_built_is_compared_and_marked():
    result = diff_graphs(GraphChecker(), make_chain(dense(4)), make_chain(dense(0)))

    assert (result.before.ok, result.after.ok) == (True, False)
    assert result.diff.layers[0].changes[0].after == 0
