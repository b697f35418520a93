"""Models that take raw rows and texts: trained as `fit` trains them once their layers are adapted by hand."""

import json
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from pydantic import JsonValue

from engine.data.datasets import load_dataset
from engine.errors import GraphError
from engine.evaluation.predict import predict
from engine.evaluation.requests import CsvRows, JsonRows
from engine.graph.document import Graph
from engine.models.builder import build_model
from engine.models.check import GraphChecker
from engine.models.weights import get_weights, write_weights
from engine.training.checkpoint_graph import read_graph
from engine.training.compiling import check_compile
from engine.training.config import RunConfig
from engine.training.events import CheckpointEvent, Event, LogEvent, PlanEvent
from engine.training.loop import train
from engine.training.reporting import Reporter
from tests.engine.models.sketch import Sketch
from tests.engine.training.adapting.reviews import NAME, configure, draw_reviews, list_rows
from tests.engine.training.adapting.samples import find_config
from tests.engine.training.command_sources import Script, steps_done

TRAINED = 96
"""Of 120 rows, with a validation split of 0.2."""

PLAIN_KERAS = """
import json, sys
import keras
model = keras.models.load_model(sys.argv[1])
rows = json.load(sys.stdin)
given = [
    keras.ops.convert_to_tensor([[row["stars"]] for row in rows], dtype="float32"),
    keras.ops.convert_to_tensor([[row["city"]] for row in rows], dtype="string"),
    keras.ops.convert_to_tensor([row["text"] for row in rows], dtype="string"),
]
print(json.dumps(model.predict(given, verbose=0).tolist()))
"""


pytestmark = pytest.mark.usefixtures("reviews")


def train_here(folder: Path, graph: Graph, config: RunConfig) -> tuple[dict[str, list[float]], list[Event], Path]:
    """The History, the events, and the newest checkpoint."""
    events: list[Event] = []
    history = train(graph, config, folder, Reporter(events.append)).history
    newest = [one.path for one in events if isinstance(one, CheckpointEvent)][-1]
    return history, events, folder / newest


def fit_by_hand() -> dict[str, list[float]]:
    """What a person writes: every layer adapted to the training rows, then `fit`."""
    data = load_dataset(NAME)
    stars, city, text = (data.inputs[name] for name in ("stars", "city", "text"))
    scaled = keras.layers.Normalization(name="scaled")
    scaled.adapt(np.array(stars[:TRAINED]))
    cities = keras.layers.StringLookup(output_mode="one_hot", name="cities")
    cities.adapt(city[:TRAINED])
    words = keras.layers.TextVectorization(max_tokens=40, output_sequence_length=6, name="words")
    words.adapt(text[:TRAINED])
    keras.utils.set_random_seed(5)
    inputs = [
        keras.Input([1], name="stars"),
        keras.Input([1], dtype="string", name="city"),
        keras.Input([], dtype="string", name="text"),
    ]
    vectors = keras.layers.Embedding(40, 4, name="vectors")(words(inputs[2]))
    read = keras.layers.GlobalAveragePooling1D(name="read")(vectors)
    joined = keras.layers.Concatenate(name="joined")([scaled(inputs[0]), cities(inputs[1]), read])
    model = keras.Model(inputs, keras.layers.Dense(1, "sigmoid", name="liked")(joined))
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    given = [tf.constant(np.array(stars)), tf.constant(city), tf.constant(text)]
    target = np.array(next(iter(data.targets.values())))
    fitted = model.fit(given, target, batch_size=16, epochs=2, validation_split=0.2, verbose=0)
    history: dict[str, list[float]] = fitted.history
    return history


@pytest.mark.parametrize(
    "plan", ["auto", "fit", {"mode": "step"}, {"mode": "graph", "data": "stream"}, {"mode": "xla"}]
)
def test_the_history_is_that_of_fit(plan: JsonValue, tmp_path: Path) -> None:
    history, events, _ = train_here(tmp_path, draw_reviews(), configure(plan=plan))

    expected = fit_by_hand()
    assert history.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_allclose(history[name], values, rtol=1e-5, err_msg=name)
    if plan == {"mode": "xla"}:
        # The layers of texts have done their part before the training.
        assert {one.mode for one in events if isinstance(one, PlanEvent)} == {"xla"}


def test_the_log_says_what_was_learned_from_how_many_samples(tmp_path: Path) -> None:
    _, events, checkpoint = train_here(tmp_path, draw_reviews(), configure())

    lines = [one.message for one in events if isinstance(one, LogEvent)]
    assert "Fitted to 96 training samples: cities (StringLookup): vocabulary of 3" in lines
    learned = read_graph(checkpoint)
    assert learned is not None
    # Gdańsk comes only in rows that validate.
    vocabulary = find_config(learned, "cities")["vocabulary"]
    assert isinstance(vocabulary, list)
    assert set(vocabulary) == {"Köln", "Lyon", "東京"}


def test_plain_keras_opens_a_checkpoint_and_predicts_the_same_from_raw_rows(tmp_path: Path) -> None:
    graph, config = draw_reviews(words="tf_idf"), configure()
    _, _, checkpoint = train_here(tmp_path, graph, config)
    names = ("stars", "city", "text")
    rows: list[JsonValue] = [
        {"stars": float(row[0]), "city": row[1], "text": row[2]} for row in (list_rows()[0], list_rows()[119])
    ]
    learned = read_graph(checkpoint)
    assert learned is not None

    ours = predict(learned, config, checkpoint, JsonRows(rows=rows))
    lines = "\n".join(
        [",".join(names), *(f'{row[0]},{row[1]},"{row[2]}"' for row in (list_rows()[0], list_rows()[119]))]
    )
    from_csv = predict(learned, config, checkpoint, CsvRows(text=lines))
    done = subprocess.run(
        [sys.executable, "-c", PLAIN_KERAS, str(checkpoint)],
        input=json.dumps(rows), capture_output=True, text=True, timeout=120, cwd=tmp_path,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    theirs = json.loads(done.stdout.splitlines()[-1])
    np.testing.assert_allclose(ours.raw[0].values, theirs, rtol=1e-5)  # type: ignore[arg-type]
    assert from_csv.raw[0].values == ours.raw[0].values


def test_a_training_goes_on_with_what_its_layers_had_learned(tmp_path: Path) -> None:
    graph, config = draw_reviews(), configure()
    whole = train(graph, config, tmp_path / "whole", Reporter()).history
    events: list[Event] = []
    leaving = Script(leaves=lambda: steps_done(events) >= 3)
    train(graph, config, tmp_path / "first", Reporter(events.append), commands=leaving)
    left = [one for one in events if isinstance(one, CheckpointEvent)][-1]
    later: list[Event] = []

    history = train(
        graph, config, tmp_path / "second", Reporter(later.append), resume=tmp_path / "first" / left.path
    ).history

    assert history == whole
    assert not any(isinstance(one, LogEvent) and "Fitted" in one.message for one in later)
    last = [one for one in later if isinstance(one, CheckpointEvent)][-1]
    assert read_graph(tmp_path / "second" / last.path) == read_graph(tmp_path / "first" / left.path)


def test_every_fold_learns_from_its_own_rows(tmp_path: Path) -> None:
    sketch = Sketch()
    sketch.add("features", "InputLayer", shape=[4])
    sketch.add("scaled", "Normalization", "features")
    graph = sketch.end(sketch.add("answer", "Dense", "scaled", units=3, activation="softmax"))
    config = configure(
        compile={"loss": "sparse_categorical_crossentropy"},
        fit={"epochs": 1},
        data={"dataset": "iris", "split": {"kind": "k_fold", "folds": 3}},
    )
    events: list[Event] = []

    train(graph, config, tmp_path, Reporter(events.append))

    graphs = {one.fold: read_graph(tmp_path / one.path) for one in events if isinstance(one, CheckpointEvent)}
    means = {str(find_config(one, "scaled")["mean"]) for one in graphs.values() if one is not None}
    assert len(means) == 3


def test_weights_that_say_what_was_learned_count(tmp_path: Path) -> None:
    sketch = Sketch()
    sketch.add("features", "InputLayer", shape=[4])
    sketch.add("scaled", "Normalization", "features")
    graph = sketch.end(sketch.add("answer", "Dense", "scaled", units=3, activation="softmax"))
    model = build_model(graph)
    model.get_layer("scaled").set_weights([np.array([1.0, 2, 3, 4]), np.array([4.0, 3, 2, 1]), np.array(0)])
    write_weights(tmp_path / "weights.npz", get_weights(model))
    config = configure(compile={"loss": "sparse_categorical_crossentropy"}, fit={"epochs": 1}, data={"dataset": "iris"})
    events: list[Event] = []

    train(graph, config, tmp_path, Reporter(events.append), weights=tmp_path / "weights.npz")

    learned = read_graph(tmp_path / next(one.path for one in events if isinstance(one, CheckpointEvent)))
    assert learned is not None
    assert find_config(learned, "scaled") == {"mean": [1.0, 2.0, 3.0, 4.0], "variance": [4.0, 3.0, 2.0, 1.0]}


def test_half_precision_is_not_used_to_learn(tmp_path: Path) -> None:
    sketch = Sketch()
    sketch.add("features", "InputLayer", shape=[4])
    sketch.add("scaled", "Normalization", "features")
    graph = sketch.end(sketch.add("answer", "Dense", "scaled", units=3, activation="softmax"))
    sections: dict[str, JsonValue] = {
        "compile": {"loss": "sparse_categorical_crossentropy"}, "fit": {"epochs": 1}, "data": {"dataset": "iris"},
    }  # fmt: skip

    _, _, whole = train_here(tmp_path / "whole", graph, configure(**sections))
    _, _, half = train_here(tmp_path / "half", graph, configure(**sections, precision="mixed_float16"))

    assert read_graph(whole) == read_graph(half)


def test_the_check_warns_on_each_layer_that_learns_and_finds_no_fault_behind_it() -> None:
    result = check_compile(GraphChecker(), draw_reviews(words="multi_hot"), configure())

    assert result.ok
    assert {(one.code, one.node) for one in result.issues if one.severity == "warning"} == {
        ("not_fitted_yet", node) for node in ("scaled", "cities", "words")
    }
    assert result.check.nodes["cities"].outputs[0].shape == [None, None]


def test_a_word_that_is_not_in_the_vocabulary_is_refused_where_there_is_no_place_for_it(tmp_path: Path) -> None:
    sketch = Sketch()
    sketch.add("city", "InputLayer", shape=[1], dtype="string")
    sketch.add("cities", "StringLookup", "city", output_mode="one_hot", num_oov_indices=0)
    graph = sketch.end(sketch.add("liked", "Dense", "cities", units=1, activation="sigmoid"))

    with pytest.raises(tf.errors.InvalidArgumentError, match="consider setting `num_oov_indices=1`"):
        train_here(tmp_path, graph, configure(data={"dataset": NAME, "inputs": {"city": "city"}}))


def test_a_graph_that_has_still_to_learn_is_not_built_with_made_up_sizes() -> None:
    with pytest.raises(GraphError, match="fitted to the training data when training starts") as caught:
        build_model(draw_reviews())

    assert [issue.node for issue in caught.value.issues] == ["cities"]


def test_texts_are_no_targets() -> None:
    inputs: dict[str, JsonValue] = {name: name for name in ("stars", "city", "text")}
    config = configure(data={"dataset": NAME, "inputs": inputs, "targets": {"liked": "city"}})

    result = check_compile(GraphChecker(), draw_reviews(), config)

    errors = [one for one in result.issues if one.severity == "error"]
    assert [(one.code, one.argument) for one in errors] == [("target_is_text", "data.targets.liked")]
