"""What the documentation shows with curl works, against a real server."""

import json
import os
import re
import subprocess
from pathlib import Path

import keras
import pytest
from sklearn.datasets import load_digits

from benchmarks.serving import run_layerloom

DOCS = Path(__file__).resolve().parents[2] / "docs"
EPOCHS = 2


@pytest.fixture(scope="module")
def server():
    with run_layerloom() as running:
        yield running


def run_shell(command, folder, **environment):
    """Standard output of a command that has to succeed."""
    finished = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, timeout=150
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def fit_with_keras():
    """The History of the script's model, trained by Keras alone."""
    images, digits = load_digits(return_X_y=True)
    layers = [keras.layers.Flatten(), keras.layers.Dense(64, "relu"), keras.layers.Dense(10, "softmax")]
    model = keras.Sequential([keras.Input((8, 8, 1)), *layers])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model.fit(images.reshape(-1, 8, 8, 1), digits, epochs=EPOCHS, validation_split=0.2, verbose=0)


def test_the_curl_script_trains_a_model_drawn_from_nothing(server, tmp_path):
    printed = run_shell([DOCS / "curl" / "train_digits.sh", server.url, str(EPOCHS)], tmp_path)

    answer = json.loads(printed.splitlines()[-1])
    expected = fit_with_keras()
    lengths = {name: len(values) for name, values in answer["history"].items()}
    assert lengths == {name: len(values) for name, values in expected.history.items()}
    assert answer["epoch"] == expected.epoch
    assert {name: answer["params"][name] for name in ("epochs", "steps")} == {"epochs": EPOCHS, "steps": 45}
    assert answer["history"]["loss"][-1] < answer["history"]["loss"][0]


def test_the_curl_script_says_what_the_server_refused(server, tmp_path):
    finished = subprocess.run(
        [DOCS / "curl" / "train_digits.sh", server.url, "0"], cwd=tmp_path, capture_output=True, text=True, timeout=150
    )
    assert finished.returncode == 1
    assert "answered 422" in finished.stderr
    assert "epochs" in finished.stderr


def test_every_command_of_the_rest_guide_works(server, tmp_path):
    blocks = re.findall(r"(?ms)^```sh\n(.*?)^```$", (DOCS / "rest.md").read_text())
    script = "set -eu\n" + "\n".join(blocks)
    printed = run_shell(["sh", "-c", script], tmp_path, LAYERLOOM=server.url)
    assert '"val_accuracy":[' in printed
    assert (tmp_path / "iris.keras").read_bytes().startswith(b"PK")
    assert "keras" in (tmp_path / "iris.py").read_text()
