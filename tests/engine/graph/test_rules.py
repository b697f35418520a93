"""The structural rules, one by one."""

import pytest

from engine.graph.document import Edge, Graph, Layer, Node, TensorReference
from engine.graph.issues import Issue
from engine.graph.rules import structural_issues


def make_graph(*edges: str, layers: dict[str, str] | None = None) -> Graph:
    """A graph with an input `x` and dense nodes; an edge is written `source>target` or `source>target.place`."""
    classes = {"x": "InputLayer", **(layers or {})}
    ends = [edge.split(">") for edge in edges]
    for source, target in ends:
        classes.setdefault(source, "Dense")
        classes.setdefault(target.split(".")[0], "Dense")
    return Graph(
        layers=[Layer(id=name, class_name=class_name) for name, class_name in classes.items()],
        nodes=[Node(id=name, layer=name) for name in classes],
        edges=[
            Edge(
                id=f"e{index}", source=source, target=target.split(".")[0], path=[int(p) for p in target.split(".")[1:]]
            )
            for index, (source, target) in enumerate(ends)
        ],
    )


def codes(graph: Graph) -> list[tuple[str, str | None]]:
    return [(issue.code, issue.node) for issue in structural_issues(graph)]


def only_issue(graph: Graph) -> Issue:
    [issue] = structural_issues(graph)
    return issue


def test_a_chain_has_no_issue():
    assert structural_issues(make_graph("x>a", "a>b")) == []


def test_an_empty_graph_has_no_input():
    issue = only_issue(Graph())

    assert (issue.code, issue.severity, issue.hint) == ("no_input", "error", "Add an InputLayer and connect it.")


def test_a_graph_without_an_input_layer_says_so():
    graph = make_graph("x>a")
    graph.layers[0].class_name = "Dense"

    assert codes(graph) == [("no_input", None), ("not_connected", "x")]


def test_an_id_used_twice_is_named():
    graph = make_graph("x>a")
    graph.layers.append(Layer(id="a", class_name="Dense"))
    graph.nodes.append(Node(id="a", layer="a"))
    graph.edges.append(Edge(id="e0", source="x", target="a", argument=1))

    assert [(i.code, i.layer, i.node, i.edge) for i in structural_issues(graph)] == [
        ("duplicate_id", "a", None, None),
        ("duplicate_id", None, "a", None),
        ("duplicate_id", None, None, "e0"),
    ]


def test_a_name_used_twice_is_shown_on_the_second_layer():
    graph = make_graph("x>a", "a>b")
    graph.layers[2].name = "a"

    issue = only_issue(graph)

    assert (issue.code, issue.layer, issue.node, issue.argument) == ("duplicate_name", "b", "b", "name")
    assert issue.message.startswith("The name 'a' is used by layers 'a' and 'b'")


@pytest.mark.parametrize(
    ("name", "shown", "suggested"),
    [
        ("a/b", "'/'", "a_b"),
        ("two words", "a space", "two_words"),
        ('say "hi"', "a space and '\"'", "say_hi"),
        ("<script>", "'<' and '>'", "script"),
        ("🎉", "'🎉'", "layer"),
        ("naïve", "'ï'", "na_ve"),
        ("-a", "'-'", "a"),
        ("a\n", "'\\n'", "a"),
        ("\ud800", "'\\ud800'", "layer"),
    ],
)
def test_a_name_that_keras_tensorflow_or_hdf5_refuses_is_explained(name: str, shown: str, suggested: str):
    graph = make_graph("x>a")
    graph.layers[1].name = name

    issue = only_issue(graph)

    assert (issue.code, issue.layer, issue.node, issue.argument) == ("invalid_name", "a", "a", "name")
    assert f"has {shown};" in issue.message
    assert issue.hint == f"Call it {suggested!r}, for example."
    issue.model_dump_json().encode()


@pytest.mark.parametrize("name", ["a", "Dense_1", "1st", "_hidden", "block.conv-1", "a" * 200])
def test_an_ordinary_name_is_fine(name: str):
    graph = make_graph("x>a")
    graph.layers[1].name = name

    assert structural_issues(graph) == []


def test_a_node_of_a_layer_that_does_not_exist_is_named():
    graph = make_graph("x>a")
    graph.nodes.append(Node(id="lost", layer="gone"))

    assert codes(graph) == [("unknown_layer_id", "lost")]


def test_a_layer_that_nothing_calls_is_a_warning():
    graph = make_graph("x>a")
    graph.layers.append(Layer(id="spare", class_name="Dense"))

    issue = only_issue(graph)

    assert (issue.code, issue.layer, issue.severity) == ("unused_layer", "spare", "warning")


def test_a_dangling_edge_is_shown_on_the_end_that_exists():
    graph = make_graph("x>a")
    graph.edges.append(Edge(id="up", source="gone", target="a", argument=1))
    graph.edges.append(Edge(id="down", source="a", target="gone"))
    graph.edges.append(Edge(id="away", source="gone", target="lost"))

    assert [(i.code, i.edge, i.node) for i in structural_issues(graph)] == [
        ("dangling_edge", "up", "a"),
        ("dangling_edge", "down", "a"),
        ("dangling_edge", "away", None),
        ("dangling_edge", "away", None),
    ]


def test_an_end_of_the_model_that_does_not_exist_is_named():
    graph = make_graph("x>a")
    graph.outputs = [TensorReference(node="gone"), TensorReference(node="a")]

    issue = only_issue(graph)

    assert (issue.code, issue.argument) == ("unknown_node_id", "outputs")


def test_two_edges_into_one_place_are_refused_and_two_places_of_a_list_are_not():
    assert codes(make_graph("x>a", "x>a")) == [("argument_filled_twice", "a")]
    assert codes(make_graph("x>a.0", "x>a.1")) == []


def test_an_edge_and_a_constant_in_one_place_are_refused():
    graph = make_graph("x>a")
    graph.nodes[1].arguments = {"0": 1.0}

    issue = only_issue(graph)

    assert (issue.code, issue.node, issue.edge, issue.argument) == ("argument_filled_twice", "a", "e0", "0")
    assert "a constant" in issue.message


def test_every_cycle_is_told_with_its_way():
    graph = make_graph("x>a.0", "b>a.1", "a>b", "x>c.0", "c>c.1")

    issues = structural_issues(graph)

    assert [issue.code for issue in issues] == ["cycle", "cycle"]
    assert "a → b → a" in issues[0].message
    assert "c → c" in issues[1].message


def test_very_many_cycles_are_not_all_told():
    graph = make_graph(*[f"x>n{i}.0" for i in range(50)], *[f"n{i}>n{i}.1" for i in range(50)])

    assert len(structural_issues(graph)) == 10


def test_an_input_that_leads_nowhere_is_an_error_until_the_outputs_are_listed():
    graph = make_graph("x>a", layers={"y": "InputLayer"})
    assert (only_issue(graph).code, only_issue(graph).severity) == ("unused_input", "error")

    graph.outputs = [TensorReference(node="a")]
    assert (only_issue(graph).code, only_issue(graph).severity) == ("unused_input", "warning")


def test_a_node_that_nothing_is_connected_to_is_named():
    assert codes(make_graph("x>a", layers={"b": "Dense"})) == [("not_connected", "b")]


def test_nothing_goes_into_an_input():
    graph = make_graph("x>a", "a>y", layers={"y": "InputLayer"})

    assert ("edge_into_input", "y") in codes(graph)


def test_an_input_is_called_once_and_without_arguments():
    graph = make_graph("x>a")
    graph.nodes[0].arguments = {"training": True}
    graph.nodes.append(Node(id="x2", layer="x"))
    graph.edges.append(Edge(id="more", source="x2", target="a", argument=1))

    assert codes(graph) == [("shared_input", "x"), ("unknown_call_argument", "x"), ("shared_input", "x2")]


def test_the_listed_inputs_are_input_layers_listed_once():
    graph = make_graph("x>a")
    graph.inputs = [TensorReference(node="x"), TensorReference(node="x"), TensorReference(node="a", output=1)]

    assert codes(graph) == [("input_listed_twice", "x"), ("not_an_input", "a"), ("unknown_output", None)]


def test_an_input_that_the_outputs_need_must_be_listed():
    graph = make_graph("x>a.0", "y>a.1", layers={"y": "InputLayer"})
    graph.inputs = [TensorReference(node="x")]

    assert codes(graph) == [("unlisted_input", "y")]


def test_no_output_is_named():
    graph = make_graph("x>a")
    graph.outputs = []

    assert codes(graph) == [("no_output", None)]


def test_a_node_without_a_part_in_the_outputs_is_a_warning():
    graph = make_graph("x>a", "x>b")
    graph.outputs = [TensorReference(node="a")]

    issue = only_issue(graph)

    assert (issue.code, issue.node, issue.severity) == ("unused_node", "b", "warning")
