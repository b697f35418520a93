"""Weights and inputs that are the same in every process, for models of the same structure. Imports Keras only."""

import json
import runpy
import sys
from pathlib import Path

import keras
import numpy as np


def fill_weights(model: keras.Model) -> None:
    """Gives every weight values by its place: scales around one, kernels that keep the size of what comes in."""
    random = np.random.default_rng(1)
    for weight in model.weights:
        if weight.path.rsplit("/", 1)[-1] in ("gamma", "moving_variance", "variance"):
            values = random.uniform(0.7, 1.3, weight.shape)
        else:
            values = random.standard_normal(weight.shape) / np.sqrt(max(1, np.prod(weight.shape[:-1])))
        weight.assign(values.astype(weight.dtype))


def compute_outputs(model: keras.Model) -> np.ndarray:
    """What the model answers to two pictures of noise."""
    pictures = np.random.default_rng(2).uniform(0, 255, (2, *model.inputs[0].shape[1:])).astype("float32")
    return np.asarray(model(pictures, training=False))


def describe(model: keras.Model, filled: bool = False) -> dict[str, object]:
    """The numbers that two equal models have in common."""
    if not filled:
        fill_weights(model)
    # A plain chain is written as a Sequential, which does not count its input among its layers.
    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    return {"layers": len(layers), "parameters": model.count_params(), "outputs": compute_outputs(model).tolist()}


def main(folder: Path) -> None:
    """Describes what each exported file of the folder makes, beside it, with nothing of Layerloom at hand."""
    for path in sorted(folder.glob("*.py")):
        model = runpy.run_path(str(path))["build_model"]()
        path.with_suffix(".py.json").write_text(json.dumps(describe(model)))
        keras.backend.clear_session()
    for path in sorted([*folder.glob("*.keras"), *folder.glob("*.h5")]):
        model = keras.models.load_model(path, compile=False)
        path.with_suffix(f"{path.suffix}.json").write_text(json.dumps(describe(model, filled=True)))
        keras.backend.clear_session()
    strange = sorted(name for name in sys.modules if name.split(".")[0] in ("engine", "server"))
    assert not strange, strange


if __name__ == "__main__":
    main(Path(sys.argv[1]))
