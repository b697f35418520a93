"""Training that starts with stored weights: it goes on where they were, and what does not fit is refused beforehand."""

from pathlib import Path

import numpy as np
import pytest

from engine.errors import IssuesError
from engine.models.builder import build_model
from engine.models.check import GraphChecker
from engine.models.weight_sources import receive_weights
from engine.models.weights import get_weights, write_weights
from engine.training.compiling import check_compile
from engine.training.loop import train
from engine.training.reporting import Reporter
from engine.training.starting_weights import check_starting_weights

SHA256 = "0" * 64


def train_quietly(graph, config, folder: Path, weights: Path | None = None) -> list[float]:
    """The loss of every epoch."""
    losses: list[float] = train(graph, config, folder, Reporter(lambda _event: None), weights=weights).history["loss"]
    return losses


def test_a_training_goes_on_from_the_weights_of_an_earlier_one(make_graph, make_config, tmp_path: Path):
    graph, config = make_graph(), make_config(fit={"epochs": 3, "batch_size": 64})
    first = train_quietly(graph, config, tmp_path / "one")
    checkpoint = max((tmp_path / "one" / "checkpoints").iterdir())
    write_weights(tmp_path / "w.npz", receive_weights(build_model(graph), checkpoint).weights)
    second = train_quietly(graph, config, tmp_path / "two", tmp_path / "w.npz")
    assert second[0] < first[2] < first[0]


def test_training_without_a_step_size_keeps_exactly_the_weights(make_graph, make_config, tmp_path: Path):
    graph = make_graph()
    sgd = {"optimizer": {"class_name": "SGD", "config": {"learning_rate": 0.0}}}
    config = make_config(
        compile={**sgd, "loss": "sparse_categorical_crossentropy"}, fit={"epochs": 1, "steps_per_epoch": 1}
    )
    weights = get_weights(build_model(graph))
    write_weights(tmp_path / "w.npz", weights)
    train_quietly(graph, config, tmp_path / "run", tmp_path / "w.npz")
    (checkpoint,) = (tmp_path / "run" / "checkpoints").iterdir()
    kept = receive_weights(build_model(graph), checkpoint).weights
    assert all(np.array_equal(a, b) for name in weights for a, b in zip(weights[name], kept[name], strict=True))


def test_weights_that_do_not_fit_are_refused_at_their_node(make_graph, make_config, tmp_path: Path):
    graph, config = make_graph(), make_config()
    write_weights(tmp_path / "w.npz", get_weights(build_model(make_graph(units=7))))
    result = check_compile(GraphChecker(), graph, config)
    (issue,) = check_starting_weights(result, graph, SHA256, tmp_path / "w.npz").issues[len(result.issues) :]
    assert (issue.code, issue.node, issue.argument) == ("weights_do_not_fit", "node_answer", "weights")
    with pytest.raises(IssuesError):
        train_quietly(graph, config, tmp_path / "run", tmp_path / "w.npz")


def test_weights_that_are_not_there_or_cannot_be_read_are_refused(make_graph, make_config, tmp_path: Path):
    graph = make_graph()
    result = check_compile(GraphChecker(), graph, make_config())
    (tmp_path / "w.npz").write_bytes(b"nothing")
    codes = [check_starting_weights(result, graph, SHA256, path).issues[-1].code for path in (None, tmp_path / "w.npz")]
    assert codes == ["unknown_weights", "invalid_weights"]
    assert check_starting_weights(result, graph, None, None) == result
