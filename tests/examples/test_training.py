"""The examples as they are run: a real server, real data where it is on this machine, and plain `fit` beside it."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import numpy as np
import pytest

from benchmarks.serving import run_layerloom
from examples.boston import BOSTON, FOLDS, write_plain_boston
from examples.example import Launch, draw, set_epochs
from examples.plain_fit import run_plain_fit
from examples.training import train

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="module")
def client():
    with run_layerloom() as server, httpx.Client(base_url=server.url, timeout=120) as client:
        yield client


def test_plain_fit_of_the_exported_run_has_the_same_history(client: httpx.Client):
    graph = draw(("InputLayer", {"shape": [2]}), ("Dense", {"units": 8, "activation": "relu"}), ("Dense", {"units": 1}))
    config = {
        "data": {"dataset": "moons", "arguments": {"samples": 200}},
        "compile": {"loss": {"class_name": "BinaryCrossentropy", "config": {"from_logits": True}}, "metrics": ["mae"]},
        "fit": {"epochs": 3, "validation_split": 0.5},
    }

    trained = train(client, "Moons", Launch(graph, config), "mae")
    fitted = run_plain_fit(trained.code)

    assert list(trained.history) == list(fitted.history)
    for name, values in fitted.history.items():
        np.testing.assert_allclose(trained.history[name], values, rtol=1e-5)
    assert (len(trained.epoch_ends), len(fitted.epoch_ends)) == (3, 3)


def test_all_folds_are_one_run_and_its_results_are_those_of_the_loop_as_one_writes_it(tmp_path: Path):
    if not SHARED.is_dir():
        pytest.skip(f"the data files of keras.datasets are not in {SHARED}")
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "boston_housing.npz").symlink_to(SHARED / "boston_housing.npz")
    launch = BOSTON.prepare()

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_HOME", str(tmp_path))
        with run_layerloom() as server, httpx.Client(base_url=server.url, timeout=120) as client:
            short = Launch(launch.graph, set_epochs(launch.config, 2))
            trained = train(client, "Boston", short, "mean_absolute_error")
        fitted = run_plain_fit(write_plain_boston(2))

    assert trained.folds == FOLDS
    assert list(trained.history) == list(fitted.history)
    for name, values in fitted.history.items():
        np.testing.assert_allclose(trained.history[name], values, rtol=1e-4)
    assert trained.result == pytest.approx(fitted.history["val_mean_absolute_error"][-1], rel=1e-4)


def test_a_run_that_fails_says_why(client: httpx.Client):
    graph = draw(("InputLayer", {"shape": [5]}), ("Dense", {"units": 1}))

    with pytest.raises(httpx.HTTPStatusError, match="422"):
        train(client, "Wrong", Launch(graph, {"data": {"dataset": "iris"}, "compile": {"loss": "mse"}}), "loss")


def test_plain_fit_that_breaks_off_says_why():
    with pytest.raises(RuntimeError, match="no such thing"):
        run_plain_fit("raise ValueError('no such thing')")


def run_examples(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "examples", *arguments]
    environment = {**os.environ, "KERAS_HOME": str(home)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_examples_without_their_data_are_left_out_with_the_reason(tmp_path: Path):
    finished = run_examples(tmp_path, "mnist", "boston")

    assert finished.returncode == 0, finished.stderr
    assert f"not run: {tmp_path}/datasets/mnist.npz is not there yet" in finished.stdout


def test_one_example_is_tried_and_the_page_is_left(tmp_path: Path):
    if not SHARED.is_dir():
        pytest.skip(f"the data files of keras.datasets are not in {SHARED}")
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "reuters.npz").symlink_to(SHARED / "reuters.npz")
    page = ROOT / "docs" / "examples.md"
    before = page.read_bytes() if page.exists() else None

    finished = run_examples(tmp_path, "reuters", "--epochs", "1", "--without-fit")

    assert finished.returncode == 0, finished.stderr
    assert "| Reuters newswires | ≥ 77 % | **" in finished.stdout
    assert (page.read_bytes() if page.exists() else None) == before
