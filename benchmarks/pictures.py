"""A folder of many JPEGs: decoded once, and trained on by a small convolutional network."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import numpy as np
from PIL import Image

from benchmarks.graphs import Drawing, Json
from benchmarks.measurement import Measurement
from benchmarks.own_data import Prepared, Trained, prepare, serve_folder, train
from benchmarks.serving import make_home

IMAGES, QUICK_IMAGES = 20_000, 120
WIDTH, HEIGHT = 200, 160
SIDE = 112
CLASSES = ("stripes", "waves")
BATCH = 32
STEPS, QUICK_STEPS = 300, 3
PLACES = ("device", "stream")
"""Where images lie that fit into memory, and how those are trained on that do not."""

MOST_WAITING = 10.0


def measure(*, quick: bool = False) -> list[Measurement]:
    """How fast images are decoded, and for which share of the time the training waits for them."""
    images, steps = (QUICK_IMAGES, QUICK_STEPS) if quick else (IMAGES, STEPS)
    with make_home() as home:
        folder = home / "files"
        write_images(folder, images)
        with serve_folder(home, folder) as server, httpx.Client(base_url=server.url, timeout=120) as client:
            definition: Json = {"kind": "images", "options": {"image_size": [SIDE, SIDE]}}
            prepared = prepare(server, client, "pictures", folder, definition)
            ways = [train(client, "Pictures", draw(), make_config(steps, data)) for data in PLACES]
    return describe(images, steps, prepared, ways)


def describe(images: int, steps: int, prepared: Prepared, ways: Sequence[Trained]) -> list[Measurement]:
    what = f"{images:,} images"
    measurements = [
        Measurement(f"{what}: decoded", "images/s", [images / prepared.seconds]),
        Measurement(f"{what}: processors that decoding kept busy (the limit)", "cores", [prepared.busy_cores]),
        Measurement(f"{what}: memory of decoding, at most", "MB", [prepared.peak_megabytes]),
    ]
    for trained in ways:
        waited = 100 * (trained.plan["wait_share"] or 0.0)
        way = f"{what} ({trained.plan['data']})"
        measurements += [
            Measurement(f"{way}: trained", "images/s", [steps * BATCH / trained.seconds]),
            Measurement(f"{way}: of the time, training waited for images", "%", [waited], MOST_WAITING),
            Measurement(f"{way}: memory of the worker, at most", "MB", [trained.worker_megabytes]),
        ]
    return measurements


def write_images(folder: Path, images: int) -> None:
    """Coloured stripes and waves with noise, drawn with a seed, in a folder for each class."""
    for name in CLASSES:
        (folder / name).mkdir(parents=True)
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda number: write_image(folder, number), range(images)))


def write_image(folder: Path, number: int) -> None:
    random = np.random.default_rng(number)
    across, down = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    kind = number % len(CLASSES)
    pattern = np.sin((across + (down if kind else 0)) / random.uniform(4, 12) + random.uniform(0, 6))
    pixels = 128 + 60 * pattern[..., None] * random.uniform(0.3, 1, 3) + random.normal(0, 12, (HEIGHT, WIDTH, 3))
    image = Image.fromarray(pixels.clip(0, 255).astype("uint8"))
    image.save(folder / CLASSES[kind] / f"{number:05}.jpg", quality=85)


def draw() -> Json:
    drawing = Drawing()
    last = drawing.add("InputLayer", shape=[SIDE, SIDE, 3])
    last = drawing.add("Rescaling", [last], scale=1 / 255)
    for filters in (16, 32):
        last = drawing.add("Conv2D", [last], filters=filters, kernel_size=3, strides=2, activation="relu")
    last = drawing.add("GlobalAveragePooling2D", [last])
    drawing.add("Dense", [last], units=len(CLASSES), activation="softmax")
    return drawing.to_json()


def make_config(steps: int, data: str) -> Json:
    compile_settings: Json = {"optimizer": "adam", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
    fit: Json = {"epochs": 1, "batch_size": BATCH, "steps_per_epoch": steps}
    return {
        "compile": compile_settings,
        "fit": fit,
        "data": {"dataset": "pictures"},
        "plan": {"mode": "graph", "data": data},
    }
