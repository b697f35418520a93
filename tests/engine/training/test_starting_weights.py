"""Training that starts with stored weights: it goes on where they were, and what does not fit is refused beforehand."""

from pathlib import Path

import keras
import numpy as np
import pytest

from engine.errors import IssuesError
from engine.models.builder import build_model
from engine.models.check import GraphChecker
from engine.models.fitting_weights import pick_fitting_weights
from engine.models.weight_sources import receive_weights
from engine.models.weights import get_weights, read_weight_shapes, read_weights, write_weights
from engine.training.compiling import check_compile
from engine.training.loop import train
from engine.training.reporting import Reporter
from engine.training.starting_weights import check_starting_weights, load_starting_weights

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
    asked = config.model_copy(update={"weights": SHA256})
    (issue,) = check_starting_weights(result, graph, asked, tmp_path / "w.npz").issues[len(result.issues) :]
    assert (issue.code, issue.node, issue.argument) == ("weights_do_not_fit", "node_answer", "weights")
    with pytest.raises(IssuesError):
        train_quietly(graph, config, tmp_path / "run", tmp_path / "w.npz")


def test_weights_that_are_not_there_or_cannot_be_read_are_refused(make_graph, make_config, tmp_path: Path):
    graph = make_graph()
    config = make_config(weights=SHA256)
    result = check_compile(GraphChecker(), graph, config)
    (tmp_path / "w.npz").write_bytes(b"nothing")
    codes = [check_starting_weights(result, graph, config, path).issues[-1].code for path in (None, tmp_path / "w.npz")]
    assert codes == ["unknown_weights", "invalid_weights"]
    assert check_starting_weights(result, graph, make_config(), None) == result


def test_with_partial_weights_the_layers_that_do_not_fit_start_with_those_of_the_seed(
    make_graph, make_config, tmp_path: Path
):
    graph, other = make_graph(), make_graph(units=7)
    write_weights(tmp_path / "w.npz", get_weights(build_model(other)))
    given = read_weights(tmp_path / "w.npz")
    config = make_config(
        compile={
            "optimizer": {"class_name": "SGD", "config": {"learning_rate": 0.0}},
            "loss": "sparse_categorical_crossentropy",
        },
        fit={"epochs": 1, "steps_per_epoch": 1},
        weights=SHA256,
        partial_weights=True,
    )
    result = check_compile(GraphChecker(), graph, config)
    assert check_starting_weights(result, graph, config, tmp_path / "w.npz") == result
    train_quietly(graph, config, tmp_path / "run", tmp_path / "w.npz")
    (checkpoint,) = (tmp_path / "run" / "checkpoints").iterdir()
    kept = receive_weights(build_model(graph), checkpoint).weights
    keras.utils.set_random_seed(config.seed)
    new = get_weights(build_model(graph))
    assert np.array_equal(kept["hidden"][0], given["hidden"][0])
    assert np.array_equal(kept["answer"][0], new["answer"][0])


def test_partial_weights_of_which_none_fit_are_refused(make_graph, make_config, tmp_path: Path):
    graph = make_graph()
    write_weights(tmp_path / "w.npz", {"stranger": [np.ones(3)]})
    config = make_config(weights=SHA256, partial_weights=True)
    result = check_starting_weights(check_compile(GraphChecker(), graph, config), graph, config, tmp_path / "w.npz")
    assert not result.ok
    with pytest.raises(IssuesError, match="None of the model's layers gets weights"):
        load_starting_weights(build_model(graph), graph, tmp_path / "w.npz", partial=True)


def test_the_weights_of_a_checkpoint_that_still_fit_a_changed_graph_are_picked(make_graph, make_config, tmp_path: Path):
    graph, changed = make_graph(), make_graph(units=7)
    train_quietly(graph, make_config(fit={"epochs": 1}), tmp_path / "run")
    checkpoint = max((tmp_path / "run" / "checkpoints").iterdir())
    stored = pick_fitting_weights(changed, graph, checkpoint, tmp_path / "w.npz")
    assert [(one.layer, one.fit) for one in stored.fit.layers] == [("hidden", "fits"), ("answer", "different_shapes")]
    assert read_weight_shapes(tmp_path / "w.npz") == stored.layers == {"hidden": [[64, 16], [16]]}
    trained = receive_weights(build_model(graph), checkpoint).weights
    assert np.array_equal(read_weights(tmp_path / "w.npz")["hidden"][0], trained["hidden"][0])
    with pytest.raises(IssuesError, match="None of the model's layers gets weights"):
        pick_fitting_weights(make_graph(shape=(3,), units=7), graph, checkpoint, tmp_path / "none.npz")
