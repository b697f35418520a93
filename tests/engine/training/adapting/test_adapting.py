"""Layers that learn from data: what they learn is what Keras's own `adapt` learns, and it is kept in the graph."""

import keras
import numpy as np
import pytest
from pydantic import JsonValue

from engine.data.source import Array
from engine.errors import GraphError
from engine.graph.document import Graph
from engine.layers.discover import discover_classes
from engine.layers.learned import has_unlearned, read_learned
from engine.layers.overlay import LEARNED, LEARNED_IN_WEIGHTS, REPLACED_BY_LEARNED
from engine.models.adapting_code import BATCH_BYTES
from engine.models.builder import build_model
from engine.training import adapting
from engine.training.adapting import adapt_graph, read_batches
from engine.training.describe_learned import list_learned
from tests.engine.models.sketch import Sketch
from tests.engine.training.adapting.samples import (
    CITIES,
    NUMBERS,
    TEXTS,
    WHOLE,
    compute,
    feed,
    find_config,
    put_behind_input,
)

EVERY_WAY: list[tuple[str, Array, dict[str, JsonValue]]] = [
    ("Normalization", NUMBERS, {}),
    ("Normalization", NUMBERS, {"axis": None}),
    ("Normalization", NUMBERS, {"invert": True}),
    ("Normalization", NUMBERS.reshape(-1, 2, 2), {"axis": [1, 2]}),
    ("Discretization", NUMBERS, {"num_bins": 5}),
    ("Discretization", NUMBERS[:, :1], {"num_bins": 3, "output_mode": "one_hot"}),
    ("IntegerLookup", WHOLE, {}),
    ("IntegerLookup", WHOLE, {"output_mode": "multi_hot", "num_oov_indices": 2}),
    ("IntegerLookup", WHOLE, {"output_mode": "tf_idf"}),
    ("StringLookup", CITIES, {}),
    ("StringLookup", CITIES, {"output_mode": "one_hot", "num_oov_indices": 0}),
    ("StringLookup", CITIES, {"mask_token": "Köln"}),
    ("TextVectorization", TEXTS, {}),
    ("TextVectorization", TEXTS, {"output_mode": "tf_idf"}),
    ("TextVectorization", TEXTS, {"output_mode": "tf_idf", "max_tokens": 60, "pad_to_max_tokens": True}),
    ("TextVectorization", TEXTS, {"ngrams": 2, "max_tokens": 20, "output_sequence_length": 6}),
    ("TextVectorization", TEXTS, {"output_mode": "multi_hot", "standardize": "lower", "split": "character"}),
]


@pytest.mark.parametrize(("class_name", "array", "config"), EVERY_WAY)
def test_a_layer_learns_what_kerass_adapt_learns(class_name: str, array: Array, config: dict[str, JsonValue]) -> None:
    graph = adapt_graph(put_behind_input(class_name, array, **config), feed(array))

    layer = getattr(keras.layers, class_name)(**config)
    layer.adapt(array)
    given = keras.ops.convert_to_tensor(array, dtype="string" if array.dtype == object else None)
    assert not has_unlearned(graph)
    np.testing.assert_array_equal(compute(build_model(graph), array), np.asarray(layer(given)))


@pytest.mark.parametrize(("class_name", "array", "config"), EVERY_WAY)
def test_it_learns_the_same_from_many_batches(
    class_name: str, array: Array, config: dict[str, JsonValue], monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = put_behind_input(class_name, array, **config)
    whole = find_config(adapt_graph(graph, feed(array)))
    monkeypatch.setattr(adapting, "MOST_IN_BATCH", 32)

    found = find_config(adapt_graph(graph, feed(array)))

    for argument in LEARNED[class_name]:
        if isinstance(value := whole.get(argument), list) and value and isinstance(value[0], str):
            assert found[argument] == value
        elif value is not None:
            # Keras estimates quantiles; the pieces that it sees make a difference.
            tolerance = 0.3 if class_name == "Discretization" else 1e-5
            np.testing.assert_allclose(found[argument], value, rtol=tolerance, atol=tolerance)  # type: ignore[arg-type]


def test_every_layer_of_keras_that_can_be_adapted_is_known() -> None:
    assert {one.name for one in discover_classes("layers").values() if hasattr(one.value, "adapt")} == set(LEARNED)
    assert {name for name, _, _ in EVERY_WAY} == set(LEARNED)


def test_what_is_said_of_the_layers_is_true() -> None:
    for class_name, arguments in LEARNED_IN_WEIGHTS.items():
        layer = getattr(keras.layers, class_name)()
        layer.adapt(NUMBERS)
        learned = read_learned(layer)
        for argument, weight in zip(arguments, layer.get_weights(), strict=False):
            np.testing.assert_array_equal(learned[argument], weight)
    for (class_name, learned_argument), replaced in REPLACED_BY_LEARNED.items():
        with pytest.raises(ValueError, match=replaced):
            getattr(keras.layers, class_name)(**{learned_argument: [1.0], replaced: 2})


def test_only_the_training_samples_are_looked_at() -> None:
    chosen = np.arange(0, 300, 2)

    graph = adapt_graph(put_behind_input("Normalization", NUMBERS), feed(NUMBERS), chosen)

    np.testing.assert_allclose(find_config(graph)["mean"], NUMBERS[chosen].mean(axis=0), rtol=1e-5)  # type: ignore[arg-type]


def test_each_layer_learns_from_what_the_ones_before_it_answer() -> None:
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[], dtype="string")
    sketch.add("city", "StringLookup", "x", output_mode="one_hot")
    sketch.add("scaled", "Normalization", "city")
    graph = adapt_graph(sketch.end("scaled"), feed(CITIES))

    answered = compute(build_model(graph), CITIES)

    np.testing.assert_allclose(answered.mean(axis=0), 0, atol=1e-5)
    # Nothing is unknown among the training samples, so that column never varies.
    np.testing.assert_allclose(answered.std(axis=0), [0, 1, 1, 1], atol=1e-4)


def test_layers_inside_models_learn_too_and_a_shared_one_learns_from_all_its_calls() -> None:
    inner = Sketch()
    inner.add("y", "InputLayer", shape=[2])
    inner_graph = inner.end(inner.add("inner_norm", "Normalization", "y"))
    sketch = Sketch()
    sketch.add("a", "InputLayer", shape=[2])
    sketch.add("b", "InputLayer", shape=[2])
    sketch.add("part", "Functional", "a", graph=inner_graph)
    sketch.call("part", "b", node="part_again")
    sketch.add("both", "Concatenate", ["part", "part_again"])
    first, second = NUMBERS[:, :2], NUMBERS[:, 2:]

    graph = adapt_graph(sketch.end("both"), feed(first, second))

    learned = next(layer for layer in graph.layers if layer.id == "part").graph
    assert learned is not None
    expected = np.concatenate([first, second]).mean(axis=0)
    np.testing.assert_allclose(find_config(learned, "inner_norm")["mean"], expected, rtol=1e-5)  # type: ignore[arg-type]
    assert any(line.startswith("inner_norm (Normalization): mean of 2") for line in list_learned(sketch.graph, graph))


def test_what_a_layer_knows_already_is_left_alone() -> None:
    graph = put_behind_input("StringLookup", CITIES, vocabulary=["Köln"])

    assert adapt_graph(graph, feed(CITIES)) is graph


def test_augmentation_does_not_disturb_what_is_learned() -> None:
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[8, 8, 1])
    sketch.add("noise", "RandomBrightness", "x", factor=0.9)
    sketch.add("norm", "Normalization", "noise", axis=None)
    pictures = np.full((20, 8, 8, 1), 7.0, "float32")

    graph = adapt_graph(sketch.end("norm"), feed(pictures))

    assert find_config(graph, "norm") == {"axis": None, "mean": 7.0, "variance": 0.0}


def refuse(graph: Graph, *arrays: Array) -> tuple[str, str | None]:
    """The message and the node of the one issue."""
    with pytest.raises(GraphError) as caught:
        adapt_graph(graph, feed(*arrays))
    (issue,) = caught.value.issues
    assert issue.code == "cannot_adapt"
    return issue.message, issue.node


def test_a_layer_behind_weights_is_refused_on_its_node() -> None:
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[4])
    sketch.add("hidden", "Dense", "x", units=3)
    sketch.add("norm", "Normalization", "hidden")

    message, node = refuse(sketch.end("norm"), NUMBERS)

    assert node == "norm"
    assert "behind 'hidden', whose weights" in message


def test_a_layer_inside_a_wrapper_is_refused() -> None:
    inner = Sketch()
    inner.add("y", "InputLayer", shape=[2])
    inner_graph = inner.end(inner.add("norm", "Normalization", "y"))
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[2, 2])
    sketch.add("each", "TimeDistributed", "x", graph=inner_graph)

    message, node = refuse(sketch.end("each"), NUMBERS.reshape(-1, 2, 2))

    assert node == "each"
    assert "inside TimeDistributed" in message


def test_words_cannot_be_learned_from_numbers_that_are_to_become_words() -> None:
    message, _ = refuse(put_behind_input("StringLookup", WHOLE, invert=True), WHOLE)

    assert "turns numbers back into words" in message


@pytest.mark.parametrize("hostile", [np.nan, np.inf])
def test_missing_numbers_are_refused(hostile: float) -> None:
    holed = NUMBERS.copy()
    holed[3, 1] = hostile

    message, _ = refuse(put_behind_input("Normalization", holed), holed)

    assert "NaN or infinite values" in message


def test_empty_texts_teach_nothing() -> None:
    nothing = np.array(["", "  "], dtype=object)

    message, _ = refuse(put_behind_input("TextVectorization", nothing), nothing)

    assert "nothing to learn from" in message


def test_a_vocabulary_that_is_too_large_asks_for_max_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapting, "MOST_WORDS", 10)

    with pytest.raises(GraphError, match=r"learned 4\d words; expected at most 10") as caught:
        adapt_graph(put_behind_input("TextVectorization", TEXTS), feed(TEXTS))

    assert "max_tokens" in str(caught.value.hint)


@pytest.mark.parametrize(("rows", "fits"), [(6, True), (5, False)])
def test_an_embedding_needs_a_row_for_every_word(rows: int, fits: bool) -> None:
    texts = np.array(["a b", "c d"], dtype=object)
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[], dtype="string")
    sketch.add("words", "TextVectorization", "x")
    graph = sketch.end(sketch.add("vectors", "Embedding", "words", input_dim=rows, output_dim=2))
    if fits:
        assert compute(build_model(adapt_graph(graph, feed(texts))), texts).shape == (2, 2, 2)
        return

    with pytest.raises(GraphError, match="has 6 words") as caught:
        adapt_graph(graph, feed(texts))

    assert [(one.node, one.argument) for one in caught.value.issues] == [("vectors", "input_dim")]


def test_samples_are_read_in_batches_that_fit_into_memory() -> None:
    large = np.broadcast_to(np.float32(1), (100_000, 1_000))

    sizes = [len(batch[0]) for batch, _ in zip(read_batches([large])(), range(3), strict=False)]

    assert max(sizes) * 4_000 <= BATCH_BYTES
