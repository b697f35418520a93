"""The comparison of graphs: nothing differs in a copy, and every single change is told for what it is."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from engine.graph.diff import compare_graphs
from engine.graph.differences import EdgeChange, GraphDiff, LayerChange, NodeChange, TensorEnd, ValueChange
from engine.graph.document import Edge, Graph, Group, Layer, Node, Note, TensorReference

CLASSES = ["Dense", "Dropout", "LSTM", "Add"]
VALUES = st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.floats(0, 1), st.text(max_size=3))


def make_chain(length: int = 3) -> Graph:
    """`x`, then `l1`, `l2`, … one after the other."""
    layers = [Layer(id="x", class_name="InputLayer", config={"shape": [8]})]
    layers += [Layer(id=f"l{i}", class_name="Dense", config={"units": i}) for i in range(1, length + 1)]
    nodes = [Node(id=layer.id, layer=layer.id) for layer in layers]
    edges = [Edge(id=f"e{i}", source=nodes[i].id, target=nodes[i + 1].id) for i in range(length)]
    return Graph(layers=layers, nodes=nodes, edges=edges)


@st.composite
def graphs(draw: st.DrawFn, depth: int = 1) -> Graph:
    """Graphs of every kind, most of which no Keras would build: shared layers, several outputs, nested graphs."""
    count = draw(st.integers(0, 6))
    layers = []
    for index in range(count):
        config = draw(st.dictionaries(st.sampled_from(["units", "rate", "name_it"]), VALUES, max_size=2))
        nested = draw(st.none() | graphs(depth - 1)) if depth else None
        layers.append(
            Layer(
                id=f"layer{index}",
                class_name="Functional" if nested else draw(st.sampled_from(CLASSES)),
                name=f"name{index}",
                config=config,
                graph=nested,
                trainable=draw(st.booleans()),
            )
        )
    called = draw(st.lists(st.sampled_from([layer.id for layer in layers]), max_size=8)) if layers else []
    nodes = [Node(id=f"node{index}", layer=layer) for index, layer in enumerate(called)]
    pairs = [(a, b) for a in range(len(nodes)) for b in range(a + 1, len(nodes))]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=8)) if pairs else []
    edges = [
        Edge(id=f"edge{index}", source=f"node{a}", target=f"node{b}", output=draw(st.integers(0, 1)), path=[a])
        for index, (a, b) in enumerate(chosen)
    ]
    groups = [Group(id="g", title="G", nodes=[node.id for node in nodes[:2]])] if draw(st.booleans()) else []
    return Graph(layers=layers, nodes=nodes, edges=edges, groups=groups)


def rename_ids(graph: Graph) -> Graph:
    """The same model under other ids, as an import would make it."""
    names = {layer.id: f"other_{layer.id}" for layer in graph.layers}
    nodes = {node.id: f"other_{node.id}" for node in graph.nodes}
    return Graph(
        layers=[layer.model_copy(update={"id": names[layer.id]}) for layer in graph.layers],
        nodes=[Node(id=nodes[one.id], layer=names[one.layer], arguments=one.arguments) for one in graph.nodes],
        edges=[
            edge.model_copy(update={"id": f"o{edge.id}", "source": nodes[edge.source], "target": nodes[edge.target]})
            for edge in graph.edges
        ],
        groups=[Group(id=g.id, title=g.title, nodes=[nodes[node] for node in g.nodes]) for g in graph.groups],
    )


@given(graphs())
def test_a_graph_does_not_differ_from_its_copy(graph: Graph):
    assert compare_graphs(graph, graph.model_copy(deep=True)).same


@given(graphs())
def test_a_graph_does_not_differ_from_itself_under_other_ids(graph: Graph):
    assert compare_graphs(graph, rename_ids(graph)).same


@given(graphs(), graphs())
@settings(max_examples=60)
def test_any_two_graphs_can_be_compared_and_the_answer_goes_through_json(before: Graph, after: Graph):
    diff = compare_graphs(before, after)

    assert GraphDiff.model_validate_json(diff.model_dump_json()) == diff
    kept = len(diff.matched)
    assert kept + sum(node.kind == "removed" for node in diff.nodes) == len(before.nodes)
    assert kept + sum(node.kind == "added" for node in diff.nodes) == len(after.nodes)


@given(graphs(), graphs())
@settings(max_examples=60)
def test_seen_from_the_other_side_what_was_added_is_removed(before: Graph, after: Graph):
    there, back = compare_graphs(before, after), compare_graphs(after, before)

    assert there.same == back.same
    assert sorted(n.after or "" for n in there.nodes if n.kind == "added") == sorted(
        n.before or "" for n in back.nodes if n.kind == "removed"
    )


def change_layer(**update: object) -> Callable[[Graph], Graph]:
    def change(graph: Graph) -> Graph:
        graph.layers[2] = graph.layers[2].model_copy(update=update)
        return graph

    return change


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            change_layer(config={"units": 9}),
            ValueChange(aspect="argument", path=["units"], kind="changed", before=2, after=9),
        ),
        (
            change_layer(config={"units": True}),
            ValueChange(aspect="argument", path=["units"], kind="changed", before=2, after=True),
        ),
        (
            change_layer(config={"units": 2, "use_bias": None}),
            ValueChange(aspect="argument", path=["use_bias"], kind="added", after=None),
        ),
        (change_layer(config={}), ValueChange(aspect="argument", path=["units"], kind="removed", before=2)),
        (change_layer(name="other"), ValueChange(aspect="name", kind="changed", before="l2", after="other")),
        (change_layer(trainable=False), ValueChange(aspect="trainable", kind="changed", before=True, after=False)),
        (change_layer(class_name="LSTM"), ValueChange(aspect="class", kind="changed", before="Dense", after="LSTM")),
        (
            change_layer(class_name="add", package="keras.ops"),
            ValueChange(aspect="class", kind="changed", before="Dense", after="keras.ops.add"),
        ),
        (change_layer(code="pass"), ValueChange(aspect="code", kind="changed", before=None, after="pass")),
    ],
)
def test_one_change_of_a_layer_is_told_from_what_to_what(change: Callable[[Graph], Graph], expected: ValueChange):
    diff = compare_graphs(make_chain(), change(make_chain()))
    (layer,) = diff.layers

    assert (layer.kind, layer.before, layer.after, layer.changes) == ("changed", "l2", "l2", [expected])
    assert (diff.nodes, diff.edges, diff.same) == ([], [], False)


def test_inside_an_object_only_the_value_that_changed_is_told():
    def draw(seed: int, name: str = "HeNormal") -> Graph:
        graph = make_chain(1)
        graph.layers[1].config["kernel_initializer"] = {"class_name": name, "config": {"seed": seed, "scale": [1, 2]}}
        return graph

    (one,) = compare_graphs(draw(1), draw(2)).layers[0].changes
    (whole,) = compare_graphs(draw(1), draw(2, "Zeros")).layers[0].changes

    assert (one.path, one.before, one.after) == (["kernel_initializer", "config", "seed"], 1, 2)
    assert whole.path == ["kernel_initializer"]


def test_a_layer_put_between_two_is_added_and_rewired():
    after = make_chain()
    after.layers.append(Layer(id="drop", class_name="Dropout"))
    after.nodes.append(Node(id="drop", layer="drop"))
    after.edges[1] = Edge(id="n1", source="l1", target="drop")
    after.edges.append(Edge(id="n2", source="drop", target="l2"))

    diff = compare_graphs(make_chain(), after)

    assert diff.layers == [LayerChange(kind="added", before=None, after="drop", name="drop", class_name="Dropout")]
    assert diff.nodes == [NodeChange(kind="added", before=None, after="drop", name="drop", class_name="Dropout")]
    l1, drop = (TensorEnd(node=name, name=name, output=0) for name in ("l1", "drop"))
    assert diff.edges == [
        EdgeChange(kind="changed", target="l2", target_name="l2", argument="0", before=l1, after=drop),
        EdgeChange(kind="added", target="drop", target_name="drop", argument="0", after=l1),
    ]
    assert (diff.inputs, diff.outputs) == (None, None)


def test_another_order_of_outputs_is_told():
    before, after = make_chain(), make_chain()
    before.outputs = [TensorReference(node="l1"), TensorReference(node="l3")]
    after.outputs = [TensorReference(node="l3"), TensorReference(node="l1")]

    outputs = compare_graphs(before, after).outputs

    assert outputs is not None
    assert [end.node for end in outputs.before] == ["l1", "l3"]
    assert [end.node for end in outputs.after] == ["l3", "l1"]


def test_outputs_that_are_named_as_they_were_derived_do_not_differ():
    after = make_chain()
    after.outputs = [TensorReference(node="l3")]

    assert compare_graphs(make_chain(), after).same


def test_call_arguments_and_the_called_layer_belong_to_the_node():
    before, after = make_chain(), make_chain()
    after.nodes[1].arguments = {"training": True}
    after.nodes[3].layer = "l2"

    first, second = compare_graphs(before, after).nodes

    assert first.changes == [ValueChange(aspect="call_argument", path=["training"], kind="added", after=True)]
    assert second.changes == [ValueChange(aspect="layer", kind="changed", before="l3", after="l2")]


def test_a_change_inside_a_nested_graph_is_told_inside_it():
    def nest(units: JsonValue) -> Graph:
        inner = make_chain(1)
        inner.layers[1].config["units"] = units
        return Graph(
            layers=[Layer(id="block", class_name="Functional", graph=inner)], nodes=[Node(id="n", layer="block")]
        )

    (block,) = compare_graphs(nest(4), nest(5)).layers

    assert block.changes == []
    assert block.nested is not None
    assert block.nested.layers[0].changes[0].path == ["units"]


def test_groups_and_notes_are_told_too():
    before, after = make_chain(), make_chain()
    before.groups = [Group(id="g", title="Head", nodes=["l1"])]
    after.groups = [Group(id="g", title="Head", nodes=["l1", "l2"])]
    after.notes = [Note(id="n", text="Why?")]

    diff = compare_graphs(before, after)

    assert [(one.kind, one.text) for one in diff.groups] == [("changed", "Head")]
    assert [(one.kind, one.text) for one in diff.notes] == [("added", "Why?")]
    assert not diff.same


def test_layers_without_names_in_common_are_matched_by_what_they_are():
    before = make_chain(4)
    after = rename_ids(make_chain(4))
    del after.layers[2], after.nodes[2]
    after.edges = [Edge(id=f"e{i}", source=after.nodes[i].id, target=after.nodes[i + 1].id) for i in range(3)]

    diff = compare_graphs(before, after)

    assert [(layer.kind, layer.before) for layer in diff.layers if layer.kind != "changed"] == [("removed", "l2")]
    assert all(change.aspect == "name" for layer in diff.layers for change in layer.changes)


def test_a_broken_graph_is_compared_as_it_stands():
    broken = Graph(
        nodes=[Node(id="lost", layer="nowhere"), Node(id="lost", layer="nowhere")],
        edges=[Edge(id="e", source="nobody", target="lost"), Edge(id="e", source="lost", target="lost")],
        outputs=[TensorReference(node="ghost")],
    )

    assert compare_graphs(broken, broken.model_copy(deep=True)).same
    assert not compare_graphs(make_chain(), broken).same
