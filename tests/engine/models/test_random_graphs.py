"""Whatever is drawn: what the check calls right can be built and comes back unchanged, and what is wrong is told."""

import json

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, note, settings

from engine.errors import GraphError
from engine.graph.document import Graph
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import build_model, link_graph
from engine.models.importing.configs import import_config
from engine.models.python_code import write_python
from engine.models.results import CheckResult
from tests.engine.models.random_graphs import CHECKER, Choices, break_graph, choices, grow_graph

# The time of one example depends on what else the machine does; the number of examples bounds the whole.
FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def collect_ids(graph: Graph, within: tuple[str, ...] = ()) -> set[tuple[tuple[str, ...], str]]:
    """Every node with the place of its graph."""
    found = {(within, node.id) for node in graph.nodes}
    for layer in graph.layers:
        if layer.graph is not None:
            found |= collect_ids(layer.graph, (*within, layer.id))
    return found


def assert_told_at_real_places(graph: Graph, result: CheckResult) -> None:
    places = collect_ids(graph)
    for issue in result.issues:
        assert issue.message
        assert issue.node is None or (issue.within, issue.node) in places


@FEW
@given(choices)
def test_a_valid_graph_is_called_so_and_builds_what_the_check_said(numbers: Choices):
    graph = grow_graph(numbers)
    note(graph.model_dump_json(exclude_defaults=True))
    result = CHECKER.check(graph)

    assert [issue for issue in result.issues if issue.severity == "error"] == []
    with open_symbolic_scope():
        model = link_graph(graph, "model")
        assert model.count_params() == result.parameters
    assert [list(t.shape) for t in model.inputs] == [
        result.nodes[r.node].outputs[r.output].shape for r in (graph.inputs or [])
    ] or graph.inputs is None
    if graph.outputs is not None:
        assert [list(t.shape) for t in model.outputs] == [
            result.nodes[r.node].outputs[r.output].shape for r in graph.outputs
        ]


@FEW
@given(choices)
def test_a_graph_means_the_same_after_it_was_json(numbers: Choices):
    graph = grow_graph(numbers)
    again = Graph.model_validate_json(graph.model_dump_json())

    assert again == graph
    with open_symbolic_scope():
        first = json.loads(link_graph(graph, "model").to_json())
    with open_symbolic_scope():
        second = json.loads(link_graph(again, "model").to_json())
    assert first == second


def answer(model: "keras.Model") -> list[np.ndarray]:
    """What a model says of the same random numbers."""
    arrays = [np.random.default_rng(0).normal(size=(2, *tensor.shape[1:])) for tensor in model.inputs]
    return [np.asarray(one) for one in keras.tree.flatten(model(arrays if len(arrays) > 1 else arrays[0]))]


def assert_same_answers(first: "keras.Model", second: "keras.Model") -> None:
    second.set_weights(first.get_weights())
    for one, other in zip(answer(first), answer(second), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


@settings(FEW, max_examples=15)
@given(choices)
def test_a_graph_goes_out_as_keras_config_and_comes_in_as_the_same_model(numbers: Choices):
    graph = grow_graph(numbers)
    note(graph.model_dump_json(exclude_defaults=True))
    model = build_model(graph)

    imported = import_config(json.loads(model.to_json()))
    again = build_model(imported.graph)

    assert imported.report == []
    assert len(again.layers) == len(model.layers)
    assert_same_answers(model, again)
    assert import_config(json.loads(again.to_json())).graph == imported.graph


@settings(FEW, max_examples=15)
@given(choices)
def test_a_graph_goes_out_as_python_that_makes_the_same_model(numbers: Choices):
    graph = grow_graph(numbers)
    code = write_python(graph, "model")
    note(code)
    module: dict[str, object] = {"__name__": "exported"}
    exec(compile(code, "exported.py", "exec"), module)
    build = module["build_model"]
    assert callable(build)

    assert_same_answers(build_model(graph), build())


@FEW
@given(choices)
def test_a_broken_graph_is_told_at_the_right_node_and_never_raises(numbers: Choices):
    graph, culprit = break_graph(numbers)
    note(graph.model_dump_json(exclude_defaults=True))
    result = CHECKER.check(graph)

    assert_told_at_real_places(graph, result)
    if culprit is not None:
        assert not result.ok
        assert culprit in {issue.node for issue in result.issues if issue.severity == "error"}
    if result.ok:
        with open_symbolic_scope():
            link_graph(graph, "model")
    else:
        with pytest.raises(GraphError):
            build_model(graph)
