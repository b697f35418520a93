"""Augmentation is for training batches only: what validates, evaluates, predicts and is exported sees plain pictures.

A learning rate of 0 keeps the weights, so that two models with the same ones can be told apart by what they see.
"""

from pathlib import Path

import keras
import numpy as np
import pytest
from pydantic import JsonValue

from engine.data.datasets import load_dataset
from engine.graph.document import Graph
from engine.models.builder import build_model
from engine.models.export import export_model
from engine.training.loop import train
from tests.engine.training.augmentation_graphs import draw_chain

AUGMENTATION: list[tuple[str, dict[str, JsonValue]]] = [
    ("RandomRotation", {"factor": 0.3}),
    ("RandomTranslation", {"height_factor": 0.3, "width_factor": 0.3}),
    ("RandomFlip", {"mode": "horizontal"}),
    ("RandomBrightness", {"factor": 0.4, "value_range": [0, 1]}),
]
SEEDED: JsonValue = {"class_name": "GlorotUniform", "config": {"seed": 3}}
REST: list[tuple[str, dict[str, JsonValue]]] = [
    ("Flatten", {}),
    ("Dense", {"units": 10, "activation": "softmax", "kernel_initializer": SEEDED}),
]
STILL: JsonValue = {
    "optimizer": {"class_name": "SGD", "config": {"learning_rate": 0.0}},
    "loss": "sparse_categorical_crossentropy",
    "metrics": ["accuracy"],
}
AUGMENTED, PLAIN = draw_chain(*AUGMENTATION, *REST), draw_chain(*REST)


@pytest.mark.parametrize("plan", ["fit", {"mode": "graph"}, {"mode": "step"}])
def test_validation_is_not_augmented_and_training_is(make_config, tmp_path: Path, plan: JsonValue):
    config = make_config(compile=STILL, plan=plan)
    augmented = train(AUGMENTED, config, tmp_path / "augmented").history
    plain = train(PLAIN, config, tmp_path / "plain").history
    np.testing.assert_allclose(augmented["val_loss"], plain["val_loss"], rtol=1e-5)
    np.testing.assert_allclose(augmented["val_accuracy"], plain["val_accuracy"], rtol=1e-5)
    assert plain["loss"][0] == pytest.approx(plain["loss"][1], rel=1e-5)
    # Every epoch sees other pictures, and none of them is as it was.
    assert abs(augmented["loss"][0] - augmented["loss"][1]) > 1e-4
    assert abs(augmented["loss"][0] - plain["loss"][0]) > 1e-3


def predict_exported(graph: Graph, folder: Path) -> np.ndarray:
    file = folder / "model.keras"
    file.write_bytes(export_model(graph, "keras").content)
    model = keras.saving.load_model(file)
    predicted: np.ndarray = model.predict(load_dataset("digits").inputs["image"][:20], verbose=0)
    return predicted


def test_evaluations_predictions_and_exported_models_are_not_augmented(tmp_path: Path):
    dataset = load_dataset("digits")
    x, y = dataset.inputs["image"][:200], dataset.targets["digit"][:200]
    augmented, plain = build_model(AUGMENTED), build_model(PLAIN)
    for model in (augmented, plain):
        model.compile(loss="sparse_categorical_crossentropy")
    assert augmented.evaluate(x, y, verbose=0) == pytest.approx(plain.evaluate(x, y, verbose=0), rel=1e-5)
    np.testing.assert_allclose(augmented.predict(x, verbose=0), plain.predict(x, verbose=0), atol=1e-6)
    np.testing.assert_allclose(predict_exported(AUGMENTED, tmp_path), plain.predict(x[:20], verbose=0), atol=1e-6)
