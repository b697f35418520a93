"""Export as Python: a plain Keras makes the same model of it, and a hostile name stays a name."""

import ast
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from pydantic import JsonValue

from engine.models.builder import build_model
from engine.models.export import export_model
from engine.models.templates import list_templates
from tests.engine.models.exporting import answer_batch, make_batch
from tests.engine.models.nested_samples import NESTED
from tests.engine.models.samples import SAMPLES, chain
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
    for name, sample in {**SAMPLES, **NESTED}.items():
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


@pytest.mark.parametrize("sample", [*SAMPLES, *NESTED])
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


def test_every_template_exports_to_python_that_builds_it():
    for template in list_templates():
        code = export_model(template.graph, "python", template.title, template.training).content.decode()

        assert build_exported(code).count_params() == build_model(template.graph).count_params()


def test_a_default_that_depends_on_another_argument_is_written_out():
    pooling: dict[str, JsonValue] = {"pool_size": [3, 3], "strides": [2, 2]}
    code = export_model(make_chain(("MaxPooling2D", pooling), shape=[8, 8, 1]), "python").content.decode()
    assert "MaxPooling2D((3, 3), strides=(2, 2)" in code or "pool_size=(3, 3), strides=(2, 2)" in code
