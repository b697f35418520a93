"""Export for programs that have no Keras: each file is loaded by its own runtime, and answers what Keras answers."""

import io
import zipfile
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import tensorflow as tf

from engine.errors import GraphError
from engine.graph.document import Graph
from engine.models.builder import build_model
from engine.models.export import export_model
from engine.models.weights import get_weights
from tests.engine.models.exporting import Array, answer_batch, make_batch
from tests.engine.models.serving_samples import CELLS, SERVED, looked_up, pooled_inside, recurrent
from tests.engine.models.sketch import Sketch

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*tf.lite.Interpreter is deprecated"),
    pytest.mark.filterwarnings("ignore:In the future `np.object`"),
]


def run_saved_model(content: bytes, folder: Path, batch: dict[str, Array]) -> list[Array]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    loaded = tf.saved_model.load(str(next(folder.iterdir())))
    arrays = [tf.constant(array) for array in batch.values()]
    return [answer.numpy() for answer in tf.nest.flatten(loaded.serve(arrays if len(arrays) > 1 else arrays[0]))]


def run_onnx(content: bytes, _folder: Path, batch: dict[str, Array]) -> list[Array]:
    answers: list[Array] = onnxruntime.InferenceSession(content).run(None, batch)
    return answers


def run_litert(content: bytes, _folder: Path, batch: dict[str, Array]) -> list[Array]:
    run = tf.lite.Interpreter(model_content=content).get_signature_runner()
    return [answer for _, answer in sorted(run(**batch).items())]


RUNTIMES = {"savedmodel": run_saved_model, "onnx": run_onnx, "litert": run_litert}


@pytest.mark.parametrize("kind", RUNTIMES)
@pytest.mark.parametrize("sample", SERVED)
def test_a_file_answers_what_keras_answers(sample: str, kind: str, tmp_path: Path):
    graph = SERVED[sample]()
    model = build_model(graph)
    samples = 1 if kind == "litert" and sample in CELLS else 3
    names = [tensor.name for tensor in model.inputs]

    export = export_model(graph, kind, "Served model", weights=get_weights(model))

    batch = dict(zip(names, make_batch(model, samples), strict=True))
    answers = RUNTIMES[kind](export.content, tmp_path, batch)
    expected = answer_batch(model, samples)
    assert [answer.shape for answer in answers] == [answer.shape for answer in expected]
    for answer, truth in zip(answers, expected, strict=True):
        np.testing.assert_allclose(answer, truth, atol=1e-5)


def test_a_saved_model_is_one_folder_with_the_models_name():
    export = export_model(SERVED["chain"](), "savedmodel", "My model")

    members = zipfile.ZipFile(io.BytesIO(export.content)).namelist()
    assert export.filename == "My_model.savedmodel.zip"
    assert {"My_model/saved_model.pb", "My_model/variables/variables.index"} <= set(members)
    assert {member.split("/")[0] for member in members} == {"My_model"}


def test_a_saved_model_looks_words_up(tmp_path: Path):
    content = export_model(looked_up(), "savedmodel").content

    assert run_saved_model(content, tmp_path, {"x": np.array([["b"], ["other"]])})[0].tolist() == [[2], [0]]


def test_an_onnx_file_names_inputs_and_outputs_as_the_model_does():
    session = onnxruntime.InferenceSession(export_model(SERVED["attention"](), "onnx").content)

    assert [one.name for one in session.get_inputs()] == ["tokens", "memory"]
    assert [one.name for one in session.get_outputs()] == ["norm", "attend"]


def test_outputs_of_one_layer_get_names_of_their_own_in_onnx():
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[3, 2])
    sketch.add("lstm", "LSTM", "x", units=2, return_state=True)

    session = onnxruntime.InferenceSession(export_model(sketch.graph, "onnx").content)

    assert [one.name for one in session.get_outputs()] == ["lstm", "lstm_1", "lstm_2"]


@pytest.mark.parametrize(
    ("graph", "kind", "nodes", "within", "operation"),
    [
        (looked_up(), "onnx", ["layer_0"], (), "LookupTableFindV2"),
        (pooled_inside(), "litert", ["pool"], ("shrink",), "MaxPool3D"),
    ],
)
def test_what_a_converter_lacks_is_said_on_the_node_that_needs_it(
    graph: Graph, kind: str, nodes: list[str], within: tuple[str, ...], operation: str
):
    with pytest.raises(GraphError, match=operation) as caught:
        export_model(graph, kind)

    assert caught.value.code == "format_cannot_hold"
    assert [issue.node for issue in caught.value.issues] == nodes
    assert {issue.within for issue in caught.value.issues} == {within}
    assert all("SavedModel" in (issue.hint or "") for issue in caught.value.issues)


def test_layers_whose_names_look_alike_are_told_apart():
    sketch = Sketch()
    sketch.add("x", "InputLayer", shape=[8, 8, 8, 1])
    for before, name in (("x", "pool_1"), ("pool_1", "pool"), ("pool", "pool_1_1")):
        sketch.add(name, "MaxPooling3D" if name == "pool" else "AveragePooling3D", before)
    sketch.graph.layers[1].class_name = sketch.graph.layers[3].class_name = "Dropout"
    sketch.graph.layers[1].config = sketch.graph.layers[3].config = {"rate": 0.5}

    with pytest.raises(GraphError) as caught:
        export_model(sketch.graph, "litert")

    assert [issue.node for issue in caught.value.issues] == ["pool"]


def test_litert_takes_batches_of_any_size_where_the_loop_is_unrolled(tmp_path: Path):
    graph = recurrent()
    graph.layers[1].config["unroll"] = True
    graph.layers[2].config = {"layer": {"class_name": "GRU", "config": {"units": 3, "unroll": True}}}
    model = build_model(graph)

    content = export_model(graph, "litert", weights=get_weights(model)).content

    answer = run_litert(content, tmp_path, {"x": make_batch(model)[0]})[0]
    np.testing.assert_allclose(answer, answer_batch(model)[0], atol=1e-5)
