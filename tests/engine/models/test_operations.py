"""Operations of keras.ops as nodes: checked, built, saved as JSON and Python, and explained where they are wrong."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import keras
import numpy as np
import pytest
from pydantic import JsonValue

from engine.graph.document import Edge, Graph, Layer, Node
from engine.graph.issues import Issue
from engine.layers.operation_entries import describe_operation_arguments
from engine.layers.operation_trials import Trial, find_trial
from engine.layers.operations import PACKAGE, discover_operations, find_operation
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import build_model
from engine.models.check import GraphChecker
from engine.models.python_code import write_python
from tests.engine.models.sketch import Sketch

FULL: dict[str, JsonValue] = {"class_name": "__slice__", "config": {"start": None, "stop": None, "step": None}}
ARRAY: JsonValue = {"class_name": "__numpy__", "config": {"value": [1, 2, 3, 4, 5, 6], "dtype": "float32"}}
LISTS_LOST_BY_KERAS = {"adaptive_average_pool", "adaptive_max_pool"}
"""Keras cannot make these again from its own JSON, in which a tuple has become a list."""


@dataclass(frozen=True)
class Drawn:
    """A graph around one call of an operation `o`, and how many outputs it should have."""

    graph: Graph
    name: str


def draw(name: str, trial: Trial) -> Drawn:
    """A graph whose inputs have the shapes and dtypes of the trial's tensors, batch included."""
    graph = Graph(layers=[Layer(id="o", class_name=name, package=PACKAGE, config=trial.config)])
    arguments: dict[str, JsonValue] = {}
    for place, given in enumerate(trial.inputs):
        for path, value in keras.tree.flatten_with_path(given):
            if isinstance(value, keras.KerasTensor):
                _connect(graph, value, place, [*path])
        if not any(isinstance(one, keras.KerasTensor) for one in keras.tree.flatten(given)):
            arguments[str(place)] = _to_json(given)
    graph.nodes.append(Node(id="o", layer="o", arguments=arguments))
    return Drawn(graph, name)


def _connect(graph: Graph, tensor: "keras.KerasTensor", place: int, path: list[int | str]) -> None:
    name = f"i{len(graph.edges)}"
    config: dict[str, JsonValue] = {"batch_shape": [*tensor.shape], "dtype": str(tensor.dtype)}
    graph.layers.append(Layer(id=name, class_name="InputLayer", config=config))
    graph.nodes.append(Node(id=name, layer=name))
    graph.edges.append(Edge(id=f"e_{name}", source=name, target="o", argument=place, path=path))


def _to_json(value: object) -> JsonValue:
    if isinstance(value, np.ndarray):
        return {"class_name": "__numpy__", "config": {"value": value.tolist(), "dtype": str(value.dtype)}}
    return value  # type: ignore[return-value]


def find_drawings() -> Iterator[Drawn]:
    with open_symbolic_scope():
        for name, operation in discover_operations().items():
            arguments = describe_operation_arguments(operation.value, operation.function)
            trial, _ = find_trial(name, operation.value, arguments)
            if trial is not None:
                yield draw(name, trial)


@pytest.fixture(scope="module")
def drawings() -> dict[str, Drawn]:
    return {drawn.name: drawn for drawn in find_drawings()}


@pytest.fixture(scope="module")
def checker() -> GraphChecker:
    return GraphChecker()


def list_specs(model: "keras.Model") -> list[tuple[tuple[int | None, ...], str]]:
    return [(tuple(one.shape), str(one.dtype)) for one in model.outputs]


@pytest.mark.parametrize("name", list(discover_operations()))
def test_an_operation_is_checked_built_and_exported(
    drawings: dict[str, Drawn], checker: GraphChecker, name: str
) -> None:
    if name not in drawings:
        pytest.skip("The catalogue says that it cannot be called.")
    graph = drawings[name].graph

    checked = checker.check(graph)
    assert checked.issues == []
    model = build_model(Graph.model_validate_json(graph.model_dump_json()))
    specs = [(tuple(one.shape), one.dtype) for one in checked.nodes["o"].outputs]
    assert [(tuple(one.shape), str(one.dtype)) for one in keras.tree.flatten(model.outputs)] == specs

    namespace: dict[str, object] = {"__name__": "exported"}
    exec(write_python(graph, "exported"), namespace)
    again = namespace["build_model"]()  # type: ignore[operator]
    assert [(tuple(one.shape), str(one.dtype)) for one in keras.tree.flatten(again.outputs)] == specs
    if name not in LISTS_LOST_BY_KERAS:
        loaded = keras.models.model_from_json(model.to_json())
        assert list_specs(loaded) == list_specs(model)


def ops_graph(
    class_name: str, *, arguments: dict[str, JsonValue] | None = None, tensors: int = 1, **config: JsonValue
) -> Graph:
    """`x` of shape (batch, 4, 6), and one operation `o` called on it, as often as there are tensors."""
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[4, 6])
    sketch.graph.layers.append(Layer(id="o", class_name=class_name, package=PACKAGE, config=config))
    sketch.graph.nodes.append(Node(id="o", layer="o", arguments=arguments or {}))
    for place in range(tensors):
        sketch.connect("x", "o", argument=place)
    return sketch.graph


def shape_of(graph: Graph) -> list[int | None]:
    checked = GraphChecker().check(graph)
    assert checked.issues == []
    return checked.nodes["o"].outputs[0].shape


def test_constants_of_the_call_stand_in_the_node() -> None:
    assert shape_of(ops_graph("add", arguments={"1": 3.0})) == [None, 4, 6]
    assert shape_of(ops_graph("add", arguments={"x2": ARRAY})) == [None, 4, 6]
    assert shape_of(ops_graph("get_item", arguments={"1": [FULL, 0]})) == [None, 6]
    assert shape_of(ops_graph("get_item", arguments={"key": [{"class_name": "__ellipsis__", "config": {}}, None]})) == [
        None, 4, 6, 1,
    ]  # fmt: skip


def test_the_operands_of_a_collecting_argument_may_come_as_a_list() -> None:
    graph = ops_graph("einsum", tensors=0, subscripts="abc,abc->ab")
    for place in range(2):
        graph.edges.append(Edge(id=f"e{place}", source="x", target="o", argument=0, path=[place]))

    assert shape_of(graph) == [None, 4]
    assert "keras.ops.einsum('abc,abc->ab', x, x)".replace("'", '"') in write_python(graph, "m")


def test_computed_values_are_those_of_keras() -> None:
    model = build_model(ops_graph("sum", axis=[1], keepdims=True))
    x = np.random.default_rng(1).normal(size=(3, 4, 6)).astype("float32")

    np.testing.assert_allclose(model.predict(x, verbose=0), x.sum(axis=1, keepdims=True), rtol=1e-5)


def test_one_operation_may_be_called_by_two_nodes() -> None:
    sketch = Sketch()
    graph = ops_graph("exp")
    sketch.graph = graph
    sketch.call("o", "o", node="again")

    assert len(build_model(graph).operations) == 2
    assert write_python(graph, "m").count("keras.ops.exp(") == 2


def test_an_operation_has_no_parameters_and_cannot_be_trained() -> None:
    graph = ops_graph("exp")
    graph.layers[1].trainable = False

    checked = GraphChecker().check(graph)

    assert checked.ok
    assert checked.layers["o"].parameters == 0
    assert build_model(graph).count_params() == 0


def test_slices_read_like_python() -> None:
    key: list[JsonValue] = [FULL, {"class_name": "__slice__", "config": {"start": 1, "stop": -1, "step": 2}}]

    assert "= x[:, 1:-1:2]" in write_python(ops_graph("get_item", arguments={"1": key}), "m")
    assert "keras.ops.sum(x, axis=1, keepdims=True)" in write_python(ops_graph("sum", axis=1, keepdims=True), "m")


def test_an_operation_takes_no_name_that_a_layer_has() -> None:
    graph = ops_graph("add", tensors=2)
    graph.layers.append(Layer(id="add", class_name="Add"))
    graph.nodes.append(Node(id="sum", layer="add"))
    graph.edges += [Edge(id=f"s{i}", source=one, target="sum", path=[i]) for i, one in enumerate(("o", "x"))]
    namespace: dict[str, object] = {"__name__": "exported"}

    exec(write_python(graph, "m"), namespace)
    model = namespace["build_model"]()  # type: ignore[operator]

    assert [operation.name for operation in model.operations] == ["x", "o", "add"]


HUGE = 10**30
WRONG_SLICE: JsonValue = {"class_name": "__slice__", "config": {"start": "a"}}


@pytest.mark.parametrize(
    ("graph", "code", "argument"),
    [
        (ops_graph("sum", axis=7), "invalid_input", "axis"),
        (ops_graph("sum", axis=HUGE), "invalid_input", "axis"),
        (ops_graph("sum", axis="x"), "invalid_argument", "axis"),
        (ops_graph("sum", keepdims="yes"), "invalid_argument", "keepdims"),
        (ops_graph("sum", axsi=1), "unknown_argument", "axsi"),
        (ops_graph("sum", trainable=True), "misplaced_argument", "trainable"),
        (ops_graph("summ"), "unknown_layer_class", "class_name"),
        (ops_graph("zeros"), "unknown_layer_class", "class_name"),
        (ops_graph("add"), "missing_argument", "x2"),
        (ops_graph("add", tensors=3), "unknown_call_argument", "2"),
        (ops_graph("add", arguments={"x2": 1, "foo": 2}), "unknown_call_argument", "foo"),
        (ops_graph("add", arguments={"x1": 1, "x2": 2}), "argument_filled_twice", "x1"),
        (ops_graph("add", arguments={"1": "text"}), "invalid_input", "1"),
        (ops_graph("add", arguments={"1": 10**400}), "invalid_input", "1"),
        (ops_graph("add", arguments={"1": WRONG_SLICE}), "invalid_constant", "1"),
        (ops_graph("get_item", arguments={"1": {"class_name": "os.system", "config": {}}}), "invalid_constant", "1"),
        (ops_graph("get_item", arguments={"1": [0] * 9}), "invalid_input", "1"),
        (ops_graph("matmul", tensors=2), "invalid_input", None),
        (ops_graph("conv", tensors=2), "invalid_input", None),
        (ops_graph("repeat", repeats=10**12, axis=1), "dimension_too_large", None),
        (ops_graph("map", arguments={"1": "relu"}), "invalid_input", "1"),
        (ops_graph("cast", dtype="floaty"), "invalid_input", "dtype"),
        (ops_graph("exp", tensors=0), "not_connected", None),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_operation_is_explained(graph: Graph, code: str, argument: str | None) -> None:
    issues: list[Issue] = [issue for issue in GraphChecker().check(graph).issues if issue.node == "o"]

    assert [(issue.code, issue.argument) for issue in issues] == [(code, argument)]
    assert issues[0].message
    assert "Keras" not in issues[0].message or "site-packages" not in issues[0].message


def test_messages_call_an_operation_by_its_public_name() -> None:
    [issue] = GraphChecker().check(ops_graph("image.resize", tensors=2, size=[8, 8])).issues

    assert issue.message.startswith("image.resize is called with 2 arguments")


def test_operations_in_a_model_inside_a_wrapper_are_accepted() -> None:
    inputs = keras.Input((4,))
    inner = keras.Model(inputs, keras.ops.relu(inputs) * 2.0)
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[5, 4])
    sketch.add("each", "TimeDistributed", "x", layer=json.loads(json.dumps(keras.saving.serialize_keras_object(inner))))

    assert GraphChecker().check(sketch.graph).issues == []


def test_layers_that_architectures_keep_to_themselves_are_accepted() -> None:
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[4, 6])
    sketch.add("scale", "LayerScale", "x", init_values=1e-6, projection_dim=6)

    assert GraphChecker().check(sketch.graph).layers["scale"].parameters == 6


def test_every_alias_leads_to_an_operation() -> None:
    for operation in discover_operations().values():
        for alias in operation.aliases:
            assert find_operation(alias) == operation
