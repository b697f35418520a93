"""Rows, texts and images of a person's own: uploaded, trained on, exported, and given raw to a plain Keras.

What the server's predictions say is what the file says in a process that has no Layerloom.
"""

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from pydantic import JsonValue

from engine.graph.document import Graph
from tests.engine.data.library.image_files import encode
from tests.engine.models.sketch import Sketch
from tests.server.live_server import LiveServer, make_config, serve
from tests.server.own_data import upload, wait_until_over

PLAIN_KERAS = """
import json, sys
import keras

convert = keras.ops.convert_to_tensor
readers = {
    "rows": lambda rows: [
        convert([[row["size"]] for row in rows], dtype="float32"),
        convert([[row["city"]] for row in rows], dtype="string"),
    ],
    "texts": lambda texts: convert(texts, dtype="string"),
    "images": lambda paths: keras.ops.stack([keras.utils.img_to_array(keras.utils.load_img(one)) for one in paths]),
}
assert not {"engine", "server"} & set(sys.modules)
answers = {}
for kind, samples in json.load(sys.stdin).items():
    model = keras.models.load_model(f"{kind}.keras")
    answers[kind] = model.predict(readers[kind](samples), verbose=0).tolist()
print(json.dumps(answers))
"""

SIZE = (8, 6)
TEXTS = ["a great film, truly great", "poor, boring and poor", "Ünknown wörds 東京"]
ROWS: list[dict[str, JsonValue]] = [
    {"size": 62.5, "city": "Köln"}, {"size": 110.0, "city": "東京"}, {"size": 1.0, "city": "nowhere"},
]  # fmt: skip
COLUMNS: JsonValue = {"size": {"type": "number"}, "city": {"type": "category"}, "dear": {"type": "category"}}


@dataclass
class Kind:
    """A file, what is said of it, the model that takes what it holds, and new samples."""

    filename: str
    content: bytes
    definition: dict[str, JsonValue]
    graph: Graph
    samples: list[JsonValue]


def make_rows() -> Kind:
    random = np.random.default_rng(3)
    lines = [
        [f"{random.normal(90 if dear else 60, 5):.2f}", ("Köln", "東京")[number % 2], "yes" if dear else "no"]
        for number, dear in enumerate(random.integers(0, 2, 60))
    ]
    text = io.StringIO()
    csv.writer(text).writerows([["size", "city", "dear"], *lines])
    sketch = Sketch()
    sketch.add("size", "InputLayer", shape=[1])
    sketch.add("city", "InputLayer", shape=[1], dtype="string")
    sketch.add("scaled", "Normalization", "size")
    sketch.add("cities", "StringLookup", "city", output_mode="one_hot")
    sketch.add("joined", "Concatenate", ["scaled", "cities"])
    graph = sketch.end(sketch.add("answer", "Dense", "joined", units=1, activation="sigmoid"))
    definition: dict[str, JsonValue] = {"kind": "table", "options": {"raw": True, "columns": COLUMNS}}
    return Kind("flats.csv", text.getvalue().encode(), definition, graph, [*ROWS])


def make_texts() -> Kind:
    words = {"bad": "poor boring film", "good": "great lovely film"}
    files = {
        f"{name}/{number}.txt": f"{text} number {number}".encode()
        for name, text in words.items()
        for number in range(20)
    }
    sketch = Sketch()
    sketch.add("text", "InputLayer", shape=[], dtype="string")
    sketch.add("words", "TextVectorization", "text", output_mode="tf_idf")
    graph = sketch.end(sketch.add("answer", "Dense", "words", units=1, activation="sigmoid"))
    return Kind("films.zip", pack(files), {"kind": "texts"}, graph, [*TEXTS])


def paint(color: tuple[int, int, int], seed: int) -> bytes:
    noise = np.random.default_rng(seed).integers(-40, 41, (*SIZE, 3))
    return encode(Image.fromarray((np.array(color) + noise).astype("uint8")))


def make_images() -> Kind:
    colors = {"blue": (40, 60, 200), "red": (200, 60, 40)}
    files = {f"{name}/{number}.png": paint(color, number) for name, color in colors.items() for number in range(12)}
    sketch = Sketch()
    sketch.add("image", "InputLayer", shape=[*SIZE, 3])
    sketch.add("scaled", "Normalization", "image")
    sketch.add("flat", "Flatten", "scaled")
    graph = sketch.end(sketch.add("answer", "Dense", "flat", units=1, activation="sigmoid"))
    return Kind("colours.zip", pack(files), {"kind": "images"}, graph, ["0.png", "1.png"])


def pack(files: dict[str, bytes]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return memory.getvalue()


KINDS = {"rows": make_rows, "texts": make_texts, "images": make_images}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with serve(tmp_path_factory.mktemp("exported")) as live:
        yield live


@pytest.fixture(scope="module")
def page(server: LiveServer) -> Iterator[httpx.Client]:
    with server.connect() as client:
        yield client


def train(server: LiveServer, page: httpx.Client, name: str, kind: Kind) -> str:
    """The id of a finished run on an upload."""
    sent = upload(page, kind.filename, kind.content)
    body = {"name": name, "title": name, "files": [{"upload": sent["id"]}], "definition": kind.definition}
    begun = page.post("/api/datasets", json=body)
    assert begun.status_code == 202, begun.text
    job = wait_until_over(page, begun.json()["id"])
    assert job["state"] == "finished", job
    return launch(server, page, name, kind, {"kind": "stratified", "validation": 0.25})


def launch(server: LiveServer, page: httpx.Client, name: str, kind: Kind, split: JsonValue) -> str:
    """The id of a finished run on a data set that is there."""
    data = {"dataset": name, "split": split}
    config = make_config(2, "binary_crossentropy") | {"data": data, "fit": {"epochs": 2, "batch_size": 8}}
    graph = kind.graph.model_dump(mode="json")
    model = page.post("/api/models", json={"name": name, "graph": graph, "training": config}).json()
    launched = page.post("/api/runs", json={"model_id": model["id"], "config": config})
    assert launched.status_code == 202, launched.text
    ended = server.wait_until_over(launched.json()["id"])
    assert ended["status"] == "finished", server.read_events(str(ended["id"]))
    return str(ended["id"])


@pytest.fixture(scope="module")
def runs(server: LiveServer, page: httpx.Client) -> dict[str, str]:
    return {name: train(server, page, name, make()) for name, make in KINDS.items()}


@pytest.fixture(scope="module")
def plain_answers(
    page: httpx.Client, runs: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], Path]:
    """What the exported files answer, in one process of a plain Keras, and the folder with the pictures."""
    folder = tmp_path_factory.mktemp("plain")
    for number, color in enumerate([(50, 50, 190), (190, 50, 50)]):
        (folder / f"{number}.png").write_bytes(paint(color, 100 + number))
    for name, run in runs.items():
        checkpoint = page.get(f"/api/runs/{run}/checkpoints").json()["items"][0]["id"]
        exported = page.get(f"/api/runs/{run}/checkpoints/{checkpoint}/export", params={"format": "keras"})
        assert exported.status_code == 200, exported.text
        (folder / f"{name}.keras").write_bytes(exported.content)
    done = subprocess.run(
        [sys.executable, "-P", "-c", PLAIN_KERAS],
        input=json.dumps({name: make().samples for name, make in KINDS.items()}),
        cwd=folder, env={"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"}, capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    answers: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answers, folder


@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", KINDS)
def test_the_exported_model_takes_them_raw_and_answers_what_the_server_answers(
    name: str, page: httpx.Client, runs: dict[str, str], plain_answers: tuple[dict[str, Any], Path]
) -> None:
    answers, folder = plain_answers

    ours = [one for sample in KINDS[name]().samples for one in predict(page, runs[name], name, sample, folder)]

    assert len({round(one, 6) for (one,) in answers[name]}) > 1
    np.testing.assert_allclose(answers[name], ours, rtol=1e-4)


def test_the_code_of_a_folds_checkpoint_learns_anew_for_each_fold(
    server: LiveServer, page: httpx.Client, runs: dict[str, str]
) -> None:
    run = launch(server, page, "rows", make_rows(), {"kind": "k_fold", "folds": 2})
    checkpoint = page.get(f"/api/runs/{run}/checkpoints").json()["items"][0]
    assert checkpoint["fold"] == 2

    address = f"/api/runs/{run}/checkpoints/{checkpoint['id']}/export"
    code = page.get(address, params={"format": "python"}).text

    assert "model = build_model([one[training] for one in x])" in code
    assert "Köln" not in code
    assert "Köln" in str(page.get(address, params={"format": "json"}).json())


def predict(page: httpx.Client, run: str, name: str, sample: JsonValue, folder: Path) -> list[list[float]]:
    """What the server answers for one sample."""
    address = f"/api/runs/{run}/predict"
    if name == "images":
        picture = (folder / str(sample)).read_bytes()
        response = page.post(address, content=picture, headers={"Content-Type": "image/png"})
    else:
        response = page.post(address, json={"rows": [{"text": sample} if name == "texts" else sample]})
    assert response.status_code == 200, response.text
    values: list[list[float]] = response.json()["raw"][0]["values"]
    return values
