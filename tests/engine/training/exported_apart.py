"""Runs exported Python in a process of its own, which has plain Keras and no Layerloom."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from engine.graph.document import Graph
from engine.models.export import export_model
from engine.training.config import RunConfig
from engine.training.exported_data import make_data_finder
from engine.training.loop import train

RUN = """
import io, json, runpy, sys
from contextlib import redirect_stdout
from pathlib import Path

import keras

for name in sys.argv[1:]:
    with redirect_stdout(io.StringIO()):
        scope = runpy.run_path(f"{name}.py", run_name="__main__")
    histories = scope["histories"] if "histories" in scope else [scope["history"].history]
    Path(f"{name}.json").write_text(json.dumps(histories, default=float))
    keras.backend.clear_session()
assert not {"engine", "server", "pydantic"} & set(sys.modules)
"""

Histories = list[dict[str, list[float]]]
Case = tuple[Graph, RunConfig]


def write(graph: Graph, config: RunConfig) -> str:
    training = config.model_dump(mode="json")
    return export_model(graph, "python", "m", training, find_data=make_data_finder(config.data)).content.decode()


def run_apart(codes: Mapping[str, str], folder: Path) -> dict[str, Histories]:
    """The Histories of the models that each file trains. They share a process: starting TensorFlow takes longest."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, code in codes.items():
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
    environment = {"PATH": "/usr/bin:/bin", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(
        [sys.executable, "-P", "-c", RUN, *codes],
        env=environment, cwd=folder, capture_output=True, text=True, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return {name: json.loads((folder / f"{name}.json").read_text()) for name in codes}


def assert_alike(found: Histories, case: Case, folder: Path) -> None:
    """Trains the case here as well. Every epoch's numbers are the same."""
    expected: dict[str, list[float]] = train(*case, folder).history
    if len(found) > 1:
        found = [{f"fold_{n}/{key}": one for n, fold in enumerate(found, 1) for key, one in fold.items()}]
        expected = {key: one for key, one in expected.items() if key.startswith("fold_")}
    assert sorted(found[0]) == sorted(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(found[0][name], values, rtol=1e-5, err_msg=name)
