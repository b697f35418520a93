"""Export: every format opens again as the same model, and a hostile name stays a name."""

import ast
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest
from pydantic import JsonValue

from engine.errors import EngineError, GraphError
from engine.graph.document import Graph
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import build_model, link_graph
from engine.models.export import FORMATS, export_model
from engine.models.limits import Limits
from engine.models.summary import summarize_model
from engine.models.templates import list_templates
from engine.models.weight_files import save_file
from tests.engine.models.samples import SAMPLES, chain, nested_twice, two_inputs_two_outputs
from tests.engine.models.sketch import make_chain

TRAINING: dict[str, JsonValue] = {
    "compile": {
        "optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.01, "clipnorm": 1.0}},
        "loss": "sparse_categorical_crossentropy",
        "loss_weights": None,
        "metrics": ["accuracy", {"class_name": "SparseTopKCategoricalAccuracy", "config": {"k": 2}}],
        "weighted_metrics": [],
    },
    "fit": {
        "epochs": 2,
        "batch_size": 8,
        "validation_split": 0.25,
        "shuffle": True,
        "class_weight": {"0": 1.0, "1": 2.0, "2": 1.0},
        "initial_epoch": 0,
        "steps_per_epoch": None,
    },
    "callbacks": [{"class_name": "EarlyStopping", "config": {"monitor": "val_loss", "patience": 3}}],
    "data": {"dataset": 'dig"""its\n', "inputs": None},
    "seed": 3,
}

UNREADABLE = ("states_by_keyword", "h5")
"""Keras writes this one and cannot read it, so it is refused."""

RUN_EXPORTED = """
import runpy, sys
from pathlib import Path
import numpy as np
import keras

folder = Path(sys.argv[1])
for code in sorted(folder.glob("*.py")):
    model = runpy.run_path(str(code))["build_model"]()
    arrays = np.load(code.with_suffix(".npz"))
    model.set_weights([arrays[f"weight_{i}"] for i in range(len(model.weights))])
    inputs = [arrays[f"input_{i}"] for i in range(len(model.inputs))]
    answers = keras.tree.flatten(model(inputs if len(inputs) > 1 else inputs[0]))
    np.savez(code.with_suffix(".out.npz"), *[keras.ops.convert_to_numpy(answer) for answer in answers])
    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    names = [model.name, *(f"{layer.name} {layer.trainable}" for layer in layers)]
    code.with_suffix(".names").write_text("\\n".join(names))
assert "engine" not in sys.modules
"""


@pytest.fixture(scope="module")
def exported_code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exported Python of every sample, run in a fresh process with the weights and inputs of the original."""
    folder = tmp_path_factory.mktemp("exported")
    for name, sample in SAMPLES.items():
        graph = sample()
        (folder / f"{name}.py").write_bytes(export_model(graph, "python", name).content)
        model = build_model(graph, name)
        arrays = {f"weight_{index}": weight for index, weight in enumerate(model.get_weights())}
        arrays |= {f"input_{index}": array for index, array in enumerate(make_batch(model))}
        np.savez(folder / f"{name}.npz", **arrays)
        layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
        names = [model.name, *(f"{layer.name} {layer.trainable}" for layer in layers)]
        np.savez(folder / f"{name}.expected.npz", *answer_batch(model))
        (folder / f"{name}.expected").write_text("\n".join(names))
    environment = {"PATH": "/usr/bin:/bin", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    subprocess.run(
        [sys.executable, "-c", RUN_EXPORTED, str(folder)], check=True, timeout=120, env=environment, cwd=folder
    )
    return folder


def make_batch(model: keras.Model) -> list[np.ndarray]:
    random = np.random.default_rng(0)
    shapes = [[3, *(size or 4 for size in tensor.shape[1:])] for tensor in model.inputs]
    return [
        random.integers(0, 9, shape).astype(tensor.dtype)
        if "int" in tensor.dtype
        else random.normal(size=shape).astype(tensor.dtype)
        for shape, tensor in zip(shapes, model.inputs, strict=True)
    ]


def answer_batch(model: keras.Model) -> list[np.ndarray]:
    batch = make_batch(model)
    answers = keras.tree.flatten(model(batch if len(batch) > 1 else batch[0]))
    return [keras.ops.convert_to_numpy(answer) for answer in answers]


@pytest.mark.parametrize("sample", SAMPLES)
def test_exported_python_makes_the_same_model_with_plain_keras(sample: str, exported_code: Path):
    expected, found = (np.load(exported_code / f"{sample}.{kind}.npz") for kind in ("expected", "out"))

    assert expected.files == found.files
    for name in expected.files:
        np.testing.assert_allclose(found[name], expected[name], atol=1e-5)
    layers = (exported_code / f"{sample}.names").read_text().splitlines()
    assert sorted(layers) == sorted((exported_code / f"{sample}.expected").read_text().splitlines())


def test_exported_python_reads_as_a_person_would_write_it():
    code = export_model(chain(), "python", "small").content.decode()

    assert code == (Path(__file__).parent / "exported_chain.py.txt").read_text()


def test_exported_python_trains_with_the_settings_of_the_run(tmp_path: Path):
    graph = make_chain(("Dense", {"units": 3, "activation": "softmax"}))
    path = tmp_path / "exported.py"
    path.write_bytes(export_model(graph, "python", "trained", TRAINING).content)
    namespace: dict[str, object] = {"__name__": "exported"}
    exec(compile(path.read_text(), str(path), "exec"), namespace)
    model = namespace["build_model"]()  # type: ignore[operator]
    x, y = np.random.default_rng(0).normal(size=(40, 8)), np.arange(40) % 3

    history = namespace["train_model"](model, x[:30], y[:30])  # type: ignore[operator]

    code = path.read_text()
    assert "keras.optimizers.Adam(learning_rate=0.01, clipnorm=1.0)" in code
    assert "keras.callbacks.EarlyStopping(patience=3)" in code
    assert "class_weight={0: 1.0, 1: 2.0, 2: 1.0}" in code
    assert "shuffle" not in code
    assert "keras.utils.set_random_seed(3)" in code
    assert len(history.history["sparse_top_k_categorical_accuracy"]) == 2
    assert model.optimizer.clipnorm == 1.0


HOSTILE = '"""); __import__("os").abort() #\n\\'


def test_hostile_texts_stay_texts_in_exported_python():
    graph = make_chain(("StringLookup", {"vocabulary": [HOSTILE, "it's"]}), shape=[1])
    graph.layers[0].config = {"shape": [1], "dtype": "string"}
    training: dict[str, JsonValue] = {**TRAINING, "data": {"dataset": HOSTILE}, "callbacks": []}

    code = export_model(graph, "python", HOSTILE, training).content.decode()

    assert not [call for call in ast.walk(ast.parse(code)) if isinstance(call, ast.Name) and call.id == "__import__"]
    build_exported(code)


def build_exported(code: str) -> keras.Model:
    namespace: dict[str, object] = {"__name__": "exported"}
    exec(compile(code, "exported.py", "exec"), namespace)
    return namespace["build_model"]()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("sample", "kind"),
    [(sample, kind) for sample in SAMPLES for kind in ("keras", "h5") if (sample, kind) != UNREADABLE],
)
def test_a_saved_model_opens_in_plain_keras_with_the_same_layers(sample: str, kind: str, tmp_path: Path):
    graph = SAMPLES[sample]()
    export = export_model(graph, kind, "Saved model")
    path = tmp_path / export.filename
    path.write_bytes(export.content)

    loaded = keras.models.load_model(path)

    assert export.filename == f"Saved_model.{kind}"
    original = build_model(graph)
    assert [layer.name for layer in loaded.layers] == [layer.name for layer in original.layers]
    assert [weight.shape for weight in loaded.weights] == [weight.shape for weight in original.weights]
    assert [answer.shape for answer in answer_batch(loaded)] == [answer.shape for answer in answer_batch(original)]


def test_a_file_that_keras_could_not_read_again_is_refused():
    with pytest.raises(EngineError, match=r"operations .*NotEqual.* cannot read again from a \.h5 file") as caught:
        export_model(SAMPLES[UNREADABLE[0]](), UNREADABLE[1])

    assert caught.value.code == "format_cannot_hold"


def test_exported_weights_load_into_the_model(tmp_path: Path):
    path = tmp_path / "small.weights.h5"
    path.write_bytes(export_model(chain(), "weights", "small").content)

    build_model(chain()).load_weights(path)


@pytest.mark.parametrize("sample", SAMPLES)
def test_exported_json_makes_the_same_model(sample: str):
    graph = SAMPLES[sample]()

    loaded = keras.models.model_from_json(export_model(graph, "json", "m").content.decode())

    assert summarize_model(loaded) == summarize_model(build_model(graph, "m"))


@pytest.mark.parametrize("sample", SAMPLES)
def test_exported_dot_is_what_keras_draws_apart_from_its_numbering(sample: str):
    graph = SAMPLES[sample]()
    model = build_model(graph, "m")
    shown = {"show_shapes": True, "show_dtype": True, "show_layer_names": True}
    drawn = keras.utils.model_to_dot(
        model, **shown, show_layer_activations=True, show_trainable=True, expand_nested=True
    ).to_string()

    assert renumber(export_model(graph, "dot", "m").content.decode()) == renumber(drawn)


def renumber(dot: str) -> str:
    """Keras numbers nodes by their addresses in memory; here by their order."""
    numbers: dict[str, str] = {}
    words = [word.strip('";') for word in dot.replace("cluster_", "cluster_ ").split()]
    for word in words:
        if word.isdecimal() and len(word) > 9:
            numbers.setdefault(word, f"n{len(numbers)}")
    for number, short in numbers.items():
        dot = dot.replace(number, short)
    return dot


def test_a_drawing_is_laid_out_without_any_program_on_the_path(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "/nonexistent")

    svg = export_model(nested_twice(), "svg", "m").content.decode()
    png = export_model(nested_twice(), "png", "m").content

    assert svg.count('class="node"') == 5
    assert "<b>" not in svg
    assert "block" in svg
    assert png.startswith(b"\x89PNG")


def test_a_summary_opens_nested_models_and_counts_without_weights():
    with open_symbolic_scope():
        summary = summarize_model(link_graph(nested_twice(), "m"))

    assert "dense (Dense)" in summary
    assert "Total params: 30 (120.00 B)" in summary


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_refuses_a_broken_graph_with_its_issues(kind: str):
    graph = two_inputs_two_outputs()
    graph.layers[2].config = {"units": 0}

    with pytest.raises(GraphError) as caught:
        export_model(graph, kind)

    assert [(issue.node, issue.argument) for issue in caught.value.issues] == [("right_small", "units")]


def test_an_unknown_format_names_the_known_ones():
    with pytest.raises(EngineError, match="expected one of keras, h5, weights, json, python, dot, svg, png") as caught:
        export_model(chain(), "docx")

    assert caught.value.code == "unknown_format"


def test_a_model_too_large_for_a_file_is_refused_before_anything_is_allocated():
    graph = make_chain(("Dense", {"units": 10**9}))

    with pytest.raises(EngineError, match=r"take 36,000,000,000 bytes; expected at most 4,294,967,296") as caught:
        export_model(graph, "keras")

    assert caught.value.code == "model_too_large"
    with pytest.raises(EngineError):
        save_file(chain(), "m", ".keras", keras.Model.save, Limits(max_export_bytes=10))


def test_a_keras_file_holds_what_keras_puts_into_one():
    archive = zipfile.ZipFile(io.BytesIO(export_model(chain(), "keras", "m").content))

    assert set(archive.namelist()) == {"metadata.json", "config.json", "model.weights.h5"}
    assert json.loads(archive.read("config.json"))["config"]["name"] == "m"


def test_every_template_exports_to_python_that_builds_it():
    for template in list_templates():
        code = export_model(template.graph, "python", template.title, template.training).content.decode()

        assert build_exported(code).count_params() == build_model(template.graph).count_params()


def test_an_empty_graph_cannot_be_exported():
    with pytest.raises(GraphError):
        export_model(Graph(), "python")
