"""Costs: FLOPs against counts that are known, memory against sizes that can be added up, and what is not known."""

import math

import keras
import pytest
from hypothesis import HealthCheck, given, settings

from engine.errors import EngineError
from engine.graph.document import Edge, Graph, Layer, Node
from engine.models import tracing
from engine.models.builder import build_model
from engine.models.check import GraphChecker
from engine.models.cost_results import CostResult, CostSettings
from engine.models.costs import CostCounter
from engine.models.instantiate import GraphLinker
from engine.models.summary import summarize_graph
from engine.models.tensors import Spec
from engine.models.tracing import TracedCall
from tests.engine.models.random_graphs import Choices, break_graph, choices, grow_graph
from tests.engine.models.resnet50 import draw_resnet50
from tests.engine.models.samples import SAMPLES, nested_twice, shared_layer
from tests.engine.models.sketch import Sketch, dense, make_chain


@pytest.fixture(scope="module")
def counter() -> CostCounter:
    return CostCounter(GraphChecker())


def count_flops(counter: CostCounter, graph: Graph, batch: int = 1) -> int:
    return counter.count(graph, CostSettings(batch_size=batch)).flops


def test_a_dense_layer_multiplies_and_adds_once_per_weight(counter: CostCounter):
    batch, inputs, units = 3, 7, 5
    graph = make_chain(("Dense", {"units": units}), shape=[inputs])

    assert count_flops(counter, graph, batch) == batch * (2 * inputs * units + units)


def test_a_convolution_multiplies_and_adds_once_per_weight_and_place(counter: CostCounter):
    graph = make_chain(("Conv2D", {"filters": 8, "kernel_size": 3, "use_bias": False}), shape=[16, 16, 3])

    assert count_flops(counter, graph, 2) == 2 * (2 * 14 * 14 * 3 * 3 * 3 * 8)


@pytest.mark.parametrize("unroll", [False, True])
def test_an_lstm_multiplies_its_weights_at_every_step(counter: CostCounter, unroll: bool):
    batch, steps, inputs, units = 2, 10, 4, 5
    graph = make_chain(("LSTM", {"units": units, "unroll": unroll}), shape=[steps, inputs])
    products = batch * steps * 2 * 4 * units * (inputs + units)
    # Four biases, the sums of both products, and three gate products with one sum, for every unit and step.
    rest = batch * steps * units * (4 + 4 + 4)

    assert count_flops(counter, graph, batch) == products + rest


def test_attention_counts_the_products_of_queries_and_keys(counter: CostCounter):
    steps, width, heads, key = 6, 8, 2, 4
    sketch = Sketch()
    sketch.add("tokens", "InputLayer", shape=[steps, width])
    sketch.add(
        "attend",
        "MultiHeadAttention",
        keywords={"query": "tokens", "value": "tokens"},
        num_heads=heads,
        key_dim=key,
        use_bias=False,
    )
    projections = 4 * 2 * steps * width * heads * key
    products = 2 * 2 * heads * steps * steps * key

    flops = count_flops(counter, sketch.graph)

    assert projections + products < flops < (projections + products) * 1.15


def test_resnet50_costs_what_is_known_of_it(counter: CostCounter):
    result = counter.count(draw_resnet50(), CostSettings(batch_size=1))

    assert result.ok
    assert 7.7e9 < result.flops < 8.2e9
    assert result.parameters == 25_636_712
    assert result.unknown == []
    assert math.isclose(sum(node.flops_share or 0 for node in result.nodes.values()), 1)
    assert math.isclose(sum(node.activation_share or 0 for node in result.nodes.values()), 1)
    assert math.isclose(sum(layer.parameter_share for layer in result.layers.values()), 1)


def test_flops_and_activations_grow_with_the_batch_and_parameters_do_not(counter: CostCounter):
    graph = make_chain(dense(4), dense(2))

    one, ten = (counter.count(graph, CostSettings(batch_size=size)) for size in (1, 10))

    assert ten.flops == 10 * one.flops
    assert ten.kept_bytes == 10 * one.kept_bytes
    assert ten.parameter_bytes == one.parameter_bytes == 4 * (8 * 4 + 4 + 4 * 2 + 2)


def test_forward_memory_is_what_is_there_at_one_time(counter: CostCounter):
    result = counter.count(make_chain(dense(4), dense(2), dense(16)), CostSettings(batch_size=1))

    assert result.kept_bytes == 4 * (8 + 4 + 2 + 16)
    assert result.forward_bytes == 4 * (2 + 16)


def test_a_shared_layer_is_computed_twice_and_stored_once(counter: CostCounter):
    result = counter.count(shared_layer(), CostSettings(batch_size=2))

    assert result.nodes["encoder"].flops == result.nodes["encoder_again"].flops
    assert result.layers["encoder"].parameters == build_model(shared_layer()).get_layer("encoder").count_params()


def test_a_nested_graph_is_counted_as_a_call_and_inside(counter: CostCounter):
    result = counter.count(nested_twice(), CostSettings(batch_size=2))
    (layer_id, inner), *others = result.nested.items()
    calls = [node for node in nested_twice().nodes if node.layer == layer_id]

    assert others == []
    assert len(calls) == 2
    assert [result.nodes[call.id].flops for call in calls] == [inner.flops, inner.flops]
    assert inner.flops > 0


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_kind_of_graph_is_counted(sample: str, counter: CostCounter):
    result = counter.count(SAMPLES[sample](), CostSettings(batch_size=2), keras.optimizers.SGD(momentum=0.9))

    assert result.issues == counter.checker.check(SAMPLES[sample]()).issues
    assert result.optimizer_bytes == result.gradient_bytes + 4 + 8  # the velocities, the rate, the counter of steps
    assert CostResult.model_validate_json(result.model_dump_json()) == result


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "rmsprop", "adafactor", "lion", "muon", "ftrl", "nadam"])
def test_an_optimizer_takes_what_keras_allocates_for_it(optimizer: str, counter: CostCounter):
    graph = make_chain(("Embedding", {"input_dim": 9, "output_dim": 4}), ("Flatten", {}), dense(6), dense(2))
    model = build_model(graph)
    real = keras.optimizers.get(optimizer)
    real.build(model.trainable_variables)
    allocated = sum(variable.value.dtype.size * math.prod(variable.shape) for variable in real.variables)

    assert counter.count(graph, CostSettings(), keras.optimizers.get(optimizer)).optimizer_bytes == allocated


def test_ten_thousand_million_weights_are_counted_and_not_allocated(counter: CostCounter):
    graph = make_chain(dense(100_000), shape=[99_999])

    result = counter.count(graph, CostSettings(batch_size=1), keras.optimizers.Adam())

    assert result.flops == 2 * 99_999 * 100_000 + 100_000
    assert result.optimizer_bytes > 8 * 99_999 * 100_000


def test_an_open_dimension_makes_a_cost_unknown_until_its_size_is_given(counter: CostCounter):
    graph = make_chain(("Embedding", {"input_dim": 20, "output_dim": 4}), ("LSTM", {"units": 3}), shape=[None])

    unknown = counter.count(graph, CostSettings(batch_size=2))
    known = counter.count(graph, CostSettings(batch_size=2, dims={"x": [10]}))

    assert unknown.unknown == ["x", "layer_0", "layer_1"]
    assert unknown.nodes["layer_1"].flops is None
    assert unknown.nodes["layer_1"].unknown == "The size of an incoming tensor is not known."
    assert known.unknown == []
    assert known.nodes["layer_0"].outputs[0].shape == [2, 10, 4]
    assert known.flops > 2 * 10 * 2 * 4 * 3 * (4 + 3)


@pytest.mark.parametrize(
    ("dims", "code"),
    [
        ({"y": [1]}, "unknown_input"),
        ({"x": [1, 2]}, "invalid_dims"),
        ({"x": [9]}, "invalid_dims"),
        ({"x": []}, "invalid_dims"),
    ],
)
def test_sizes_that_do_not_fit_an_input_are_refused(dims: dict[str, list[int | None]], code: str, counter: CostCounter):
    with pytest.raises(EngineError) as refusal:
        counter.count(make_chain(dense(2)), CostSettings(dims=dims))

    assert refusal.value.code == code


def test_a_node_that_cannot_be_called_has_an_issue_and_no_cost(counter: CostCounter):
    result = counter.count(make_chain(dense(5), ("Conv2D", {"filters": 3, "kernel_size": 2})), CostSettings())

    assert not result.ok
    assert [issue.node for issue in result.issues] == ["layer_1"]
    assert set(result.nodes) == {"x", "layer_0"}


def test_operations_without_a_count_are_named(counter: CostCounter):
    result = counter.count(make_chain(("Dense", {"units": 4, "activation": "tanh"})), CostSettings(batch_size=3))

    assert result.uncounted == result.nodes["layer_0"].uncounted == {"Tanh": 12}


def test_half_precision_halves_the_activations(counter: CostCounter):
    graph = make_chain(dense(64))

    half = counter.count(graph, CostSettings(batch_size=1, precision="mixed_float16"))

    assert half.nodes["layer_0"].activation_bytes == 2 * 64
    assert keras.config.dtype_policy().name == "float32"


def test_after_an_edit_only_the_changed_calls_are_traced(counter: CostCounter, monkeypatch: pytest.MonkeyPatch):
    graph = make_chain(dense(31), dense(32), dense(33))
    counter.count(graph, CostSettings(batch_size=4))
    traced: list[str] = []

    def trace_call(
        layer: Layer, node: Node, edges: list[Edge], specs: dict[str, Spec], link: GraphLinker
    ) -> TracedCall:
        traced.append(layer.id)
        return real(layer, node, edges, specs, link)

    real = tracing.trace_call
    monkeypatch.setattr("engine.models.costs.trace_call", trace_call)
    graph.layers[-1].config["units"] = 34

    counter.count(graph, CostSettings(batch_size=4))

    assert traced == ["layer_2"]


def test_the_summary_is_kerass_table_and_a_row_for_each_node(counter: CostCounter):
    graph = shared_layer()

    summary = summarize_graph(counter.checker, graph, "twins")

    assert 'Model: "twins"' in summary.text
    assert "Param #" in summary.text
    assert "Connected to" in summary.text
    assert [row.node for row in summary.rows] == [node.id for node in graph.nodes]
    encoder = next(row for row in summary.rows if row.node == "encoder_again")
    assert (encoder.class_name, encoder.calls, encoder.sources) == ("LSTM", 2, ["second"])
    assert summary.parameters == build_model(graph).count_params()


def test_operations_are_counted_like_layers(counter: CostCounter):
    sketch = Sketch()
    sketch.add("rows", "InputLayer", shape=[4, 5])
    sketch.add("columns", "InputLayer", shape=[5, 6])
    sketch.graph.layers.append(Layer(id="product", class_name="matmul", package="keras.ops"))
    sketch.graph.nodes.append(Node(id="product", layer="product"))
    sketch.connect("rows", "product", argument=0)
    sketch.connect("columns", "product", argument=1)

    assert count_flops(counter, sketch.graph, 3) == 2 * 3 * 4 * 5 * 6


def test_a_wrapper_around_a_graph_is_counted_at_every_step(counter: CostCounter):
    sketch = Sketch()
    sketch.add("steps", "InputLayer", shape=[7, 8])
    sketch.add("each", "TimeDistributed", "steps", graph=make_chain(dense(3)))

    result = counter.count(sketch.graph, CostSettings(batch_size=2))

    assert result.flops == 2 * 7 * (2 * 8 * 3 + 3)
    assert result.nested["each"].flops == 2 * (2 * 8 * 3 + 3)


@given(choices)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_random_graphs_right_and_broken_are_answered(counter: CostCounter, numbers: Choices):
    graph = break_graph(numbers)[0] if numbers.flag() else grow_graph(numbers)

    result = counter.count(graph, CostSettings(batch_size=2), keras.optimizers.Adam())

    assert CostResult.model_validate_json(result.model_dump_json()) == result
    for node in result.nodes.values():
        is_known = all(None not in spec.shape for spec in node.outputs)
        assert not is_known or node.activation_bytes is not None
