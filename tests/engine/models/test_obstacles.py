"""What a format cannot hold is known before anything is written, and said on the nodes."""

import pytest

from engine.errors import GraphError
from engine.graph.document import Graph
from engine.models.export import export_model, list_choices
from engine.models.formats import FORMATS
from engine.models.limits import Limits
from engine.models.obstacles import list_obstacles
from tests.engine.models.samples import SAMPLES, chain, states_by_keyword
from tests.engine.models.serving_samples import masked_words, recurrent
from tests.engine.models.sketch import Sketch, make_chain


@pytest.mark.parametrize("sample", [name for name in SAMPLES if name != "states_by_keyword"])
def test_most_graphs_have_no_obstacle_at_all(sample: str):
    issues = [issue for kind in FORMATS for issue in list_obstacles(SAMPLES[sample](), kind)]

    assert [issue for issue in issues if issue.severity == "error"] == []


def test_a_mask_that_h5_cannot_hold_is_said_on_the_layer_that_gets_it():
    issues = list_obstacles(states_by_keyword(), "h5")

    assert [(issue.code, issue.node) for issue in issues] == [("format_cannot_hold", "encoder")]
    assert "NotEqual" in issues[0].message
    assert ".keras" in (issues[0].hint or "")
    with pytest.raises(GraphError) as caught:
        export_model(states_by_keyword(), "h5")
    assert caught.value.issues == issues


def test_an_obstacle_inside_a_nested_graph_says_where_that_is():
    sketch = Sketch()
    sketch.add("words", "InputLayer", shape=[7], dtype="int32")
    sketch.add("reader", "Functional", "words", graph=masked_words())

    issues = list_obstacles(sketch.graph, "h5")

    assert [(issue.within, issue.node) for issue in issues] == [(("reader",), "layer_1")]


def test_a_sequential_model_holds_its_masks_in_h5():
    graph = masked_words().model_copy(update={"class_name": "Sequential"})

    assert list_obstacles(graph, "h5") == []


def test_a_loop_over_time_is_a_warning_for_litert_unless_it_is_unrolled():
    issues = list_obstacles(recurrent(), "litert")
    unrolled = make_chain(("LSTM", {"units": 2, "unroll": True}), shape=[3, 2])

    assert [(issue.severity, issue.node) for issue in issues] == [("warning", "layer_0"), ("warning", "layer_1")]
    assert list_obstacles(unrolled, "litert") == []


@pytest.mark.parametrize("kind", [name for name, file in FORMATS.items() if file.holds_weights])
def test_a_model_too_large_for_a_file_is_an_obstacle_to_every_format_with_weights(kind: str):
    issues = list_obstacles(make_chain(("Dense", {"units": 10**9})), kind)

    assert [issue.code for issue in issues] == ["model_too_large"]
    assert "36,000,000,000 bytes" in issues[0].message


def test_onnx_and_litert_files_are_smaller_than_the_others():
    graph = make_chain(("Dense", {"units": 60_000_000}))

    assert [kind for kind in FORMATS if list_obstacles(graph, kind)] == ["onnx", "litert"]


def test_a_drawing_has_a_number_of_layers_that_one_can_look_at():
    issues = list_obstacles(chain(), "svg", limits=Limits(max_drawn_nodes=3))

    assert [issue.code for issue in issues] == ["drawing_too_large"]


def test_the_choices_say_of_each_format_what_is_in_its_way():
    choices = list_choices(states_by_keyword())

    assert [choice.name for choice in choices.formats] == list(FORMATS)
    assert {choice.name for choice in choices.formats if choice.obstacles} == {"h5"}
    assert {choice.name for choice in choices.formats if choice.warnings} == {"litert"}
    assert choices.issues == []


def test_the_choices_of_a_broken_graph_say_what_is_wrong_with_it():
    choices = list_choices(Graph())

    assert choices.issues
    assert [choice.name for choice in choices.formats] == list(FORMATS)


def test_a_layer_inside_an_application_is_not_found_again_by_its_name_in_h5():
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[4])
    sketch.add("scaled", "CustomScaleLayer", ["x", "x"], scale=0.5)

    assert [(issue.code, issue.node) for issue in list_obstacles(sketch.graph, "h5")] == [
        ("format_cannot_hold", "scaled")
    ]
    assert list_obstacles(sketch.graph, "keras") == []
