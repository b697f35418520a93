"""The commands of docs/import.md do what the page says, against a real server."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import keras
import pytest

from benchmarks.serving import run_layerloom

ROOT = Path(__file__).resolve().parents[2]
COMMAND = re.compile(r"```sh\n(.*?)```", re.DOTALL)
KERAS2 = ROOT / "tests" / "engine" / "models" / "importing" / "keras2"


@pytest.fixture(scope="module")
def server():
    with run_layerloom() as running:
        yield running


def read_commands(server):
    text = (ROOT / "docs" / "import.md").read_text()
    return [command.replace("http://127.0.0.1:8000", server.url) for command in COMMAND.findall(text)]


def run_command(command, folder, model=""):
    finished = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "MODEL": model},
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return json.loads(finished.stdout)


def test_every_command_works(server, tmp_path):
    shutil.copy(KERAS2 / "masked.json", tmp_path / "model.json")
    shutil.copy(KERAS2 / "masked_weights.h5", tmp_path / "weights.h5")
    keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]).save(tmp_path / "model.keras")
    from_file, weights, from_application, from_json = read_commands(server)

    model = run_command(from_file, tmp_path)
    assert (model["name"], model["weights"]["source"]["kind"]) == ("model", "import")
    assert run_command(from_application, tmp_path)["nodes"] > 100
    words = run_command(from_json, tmp_path)
    assert words["name"] == "words_model"
    receipt = run_command(weights, tmp_path, words["id"])
    assert {layer["fit"] for layer in receipt["fit"]["layers"]} == {"fits"}
