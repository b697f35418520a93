"""A zip of images, from the file to a History that is the one of `fit`."""

from itertools import pairwise
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from engine.data.library.folders.parts import find_split
from engine.data.library.library import use_library
from engine.data.library.make import Naming, inspect, make
from engine.data.library.store import LibraryStore
from engine.graph.document import Graph
from engine.models.builder import build_model
from engine.training.loop import train
from tests.engine.data.library.image_files import encode, write_zip

SIZE = (8, 6)
COLORS = {"blue": (40, 60, 200), "red": (200, 60, 40)}
COUNTS = {"train": 12, "validation": 5, "test": 4}


@pytest.fixture(autouse=True)
def no_library_afterwards():
    yield
    use_library(None)


def paint_pictures() -> dict[str, bytes]:
    """Red and blue pictures with noise over them."""
    generator = np.random.default_rng(0)
    return {
        f"{part}/{name}/{number}.png": encode(
            Image.fromarray((np.array(color) + generator.integers(-40, 41, (*SIZE, 3))).astype("uint8"))
        )
        for part, count in COUNTS.items()
        for name, color in COLORS.items()
        for number in range(count)
    }


def draw_graph() -> Graph:
    """Pixels to 0 … 1, flattened, one Dense."""
    chain = {
        "picture": ("InputLayer", {"batch_shape": [None, *SIZE, 3]}),
        "scaled": ("Rescaling", {"scale": 1 / 255}),
        "flat": ("Flatten", {}),
        "answer": ("Dense", {"units": 1, "activation": "sigmoid"}),
    }
    return Graph.model_validate(
        {
            "layers": [{"id": key, "class_name": name, "config": config} for key, (name, config) in chain.items()],
            "nodes": [{"id": f"node_{key}", "layer": key} for key in chain],
            "edges": [
                {"id": f"edge_{target}", "source": f"node_{source}", "target": f"node_{target}"}
                for source, target in pairwise(chain)
            ],
        }
    )


def make_set(folder: Path) -> dict[str, dict[str, np.ndarray]]:
    """The data set `colours` from a zip; its arrays by part."""
    files = [write_zip(folder / "colours.zip", paint_pictures())]
    definition = inspect(files).definition
    store = LibraryStore(folder / "data")
    making = store.begin() / "set"
    making.mkdir()
    make(files, definition, making, Naming("colours", "Colours", "", []), lambda _: None)
    store.publish(making, "colours")
    use_library(store.sets)
    return {
        part: {
            name: np.load(store.sets / "colours" / part / f"{number}.npy")
            for number, name in enumerate(("image", "label"))
        }
        for part in ("training", "test")
    }


def test_images_train_as_fit_does_and_are_validated_on_their_validation_folder(make_config, tmp_path):
    arrays = make_set(tmp_path)
    config = make_config(
        compile={"optimizer": "adam", "loss": "binary_crossentropy", "metrics": ["accuracy"]},
        fit={"epochs": 3, "batch_size": 8, "validation_split": find_split(34, 10)},
        data={"dataset": "colours"},
    )

    history = train(draw_graph(), config, tmp_path / "run").history

    keras.utils.set_random_seed(7)
    model = build_model(draw_graph(), "model")
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    image, label = arrays["training"].values()
    theirs = model.fit(
        image[:24], label[:24], validation_data=(image[24:], label[24:]), epochs=3, batch_size=8, verbose=0
    ).history
    for name, values in theirs.items():
        np.testing.assert_allclose(history[name], values, rtol=1e-4, err_msg=name)


def test_images_are_validated_on_the_test_part(make_config, tmp_path):
    arrays = make_set(tmp_path)
    config = make_config(
        compile={"optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.02}}, "loss": "binary_crossentropy",
                 "metrics": ["accuracy"]},
        fit={"epochs": 15, "batch_size": 8},
        data={"dataset": "colours", "validation": {"dataset": "colours", "part": "test"}},
    )  # fmt: skip

    history = train(draw_graph(), config, tmp_path / "run").history

    assert len(arrays["test"]["label"]) == 2 * COUNTS["test"]
    assert history["val_accuracy"][-1] == 1
