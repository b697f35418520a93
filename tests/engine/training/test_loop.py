"""Training without the server: Keras's History, events without a gap, stopping, seeds."""

import json
import math
from dataclasses import dataclass

import keras
import numpy as np
import pytest

from engine.data.datasets import load_dataset
from engine.errors import ConfigError, EngineError
from engine.models.builder import build_model
from engine.training.commands import Stop
from engine.training.events import EVENT, CheckpointEvent, EpochEvent, Event, PlanEvent, StatusEvent, StepsEvent
from engine.training.loop import train
from engine.training.reporting import Reporter
from tests.engine.training.command_sources import Script, steps_done


@dataclass
class FinishedRun:
    history: keras.callbacks.History
    events: list[Event]


@pytest.fixture(scope="module")
def finished(make_graph, make_config, tmp_path_factory) -> FinishedRun:
    """Two epochs of 23 steps each, with validation."""
    events: list[Event] = []
    history = train(make_graph(), make_config(), tmp_path_factory.mktemp("run"), Reporter(events.append))
    return FinishedRun(history, events)


@pytest.fixture
def events() -> list[Event]:
    return []


def test_the_history_is_that_of_plain_keras_with_the_same_seed(finished, make_graph):
    keras.utils.set_random_seed(7)
    model = build_model(make_graph(), "model")
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    digits = load_dataset("digits")
    theirs = model.fit(
        digits.inputs["image"], digits.targets["digit"], epochs=2, batch_size=64, validation_split=0.2, verbose=0
    )
    assert finished.history.history == theirs.history
    assert (finished.history.epoch, finished.history.params) == (theirs.epoch, theirs.params)


def test_events_are_numbered_without_a_gap_and_say_everything(finished):
    events = finished.events
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [e.type for e in events if e.type not in {"steps", "plan"}] == [
        "status", "setup", "epoch", "epoch", "checkpoint", "status",
    ]  # fmt: skip
    assert {e.mode for e in events if isinstance(e, PlanEvent)} == {"graph"}
    assert [e.status for e in events if isinstance(e, StatusEvent)] == ["running", "finished"]
    setup = next(event for event in events if event.type == "setup")
    assert setup.model_dump(exclude={"seq", "time", "type", "fold", "folds"}) == {
        "epochs": 2,
        "steps_per_epoch": 23,
        "samples": 1437,
        "validation_samples": 360,
        "batch_size": 64,
        "parameters": 1210,
        "trainable_parameters": 1210,
        "class_weights": [],
        "prepared": None,
    }
    epochs = [event for event in events if isinstance(event, EpochEvent)]
    assert [event.step for event in epochs] == [23, 46]
    history = finished.history.history
    assert {name: [event.logs[name] for event in epochs] for name in history} == history
    assert all(EVENT.validate_json(event.model_dump_json()) == event for event in events)


def test_every_step_is_reported_once_and_the_first_one_alone(finished):
    steps = [event for event in finished.events if isinstance(event, StepsEvent)]
    assert len(steps[0].values["loss"]) == 1
    seen = [(event.epoch, event.first_step + index) for event in steps for index in range(len(event.values["loss"]))]
    assert seen == [(step // 23, step) for step in range(46)]
    last = {event.epoch: event.values["loss"][-1] for event in steps}
    assert last == {event.epoch: event.logs["loss"] for event in finished.events if isinstance(event, EpochEvent)}


def test_a_line_per_epoch_is_printed_where_that_is_asked_for(make_graph, make_config, tmp_path, capsys):
    train(make_graph(), make_config(), tmp_path, verbose=2)

    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("Epoch ")] == ["Epoch 1/2", "Epoch 2/2"]
    assert sum(line.startswith("23/23 - ") and "val_loss: " in line for line in lines) == 2


def test_a_loss_that_is_not_a_number_goes_through(make_graph, make_config, tmp_path, events):
    optimizer = {"class_name": "SGD", "config": {"learning_rate": 1e30}}
    config = make_config(
        compile={"loss": "mse", "optimizer": optimizer},
        data={"dataset": "diabetes"},
        fit={"epochs": 1, "batch_size": 32},
    )
    history = train(make_graph((10,), 1, None), config, tmp_path, Reporter(events.append))
    assert math.isnan(history.history["loss"][0])
    (epoch,) = [event for event in events if event.type == "epoch"]
    assert json.loads(epoch.model_dump_json())["logs"]["loss"] == "NaN"
    assert events[-1].type == "status"


def test_a_stop_comes_after_the_current_step_with_a_checkpoint(make_graph, make_config, tmp_path, events):
    commands = Script((lambda: steps_done(events) > 0, Stop()))
    config = make_config(fit={"epochs": 1000, "batch_size": 8})
    history = train(make_graph(), config, tmp_path, Reporter(events.append), commands=commands)
    assert (history.epoch, history.history) == ([], {})
    assert [event.status for event in events if isinstance(event, StatusEvent)] == ["running", "stopped"]
    (checkpoint,) = [event for event in events if isinstance(event, CheckpointEvent)]
    assert (checkpoint.epoch, checkpoint.step, checkpoint.position) == (0, 1, 1)
    assert keras.saving.load_model(tmp_path / checkpoint.path).optimizer.iterations == 1


def test_a_stop_before_the_first_step_changes_nothing(make_graph, make_config, tmp_path, events):
    train(make_graph(), make_config(), tmp_path, Reporter(events.append), commands=Script((lambda: True, Stop())))
    assert [event.type for event in events if event.type not in {"plan", "mark", "checkpoint"}] == [
        "status",
        "setup",
        "status",
    ]
    assert steps_done(events) == 0


def test_a_stop_does_not_wait_for_the_validation(make_graph, make_config, tmp_path, events):
    commands = Script((lambda: steps_done(events) == 23, Stop()))
    config = make_config(fit={"epochs": 2, "batch_size": 64, "validation_split": 0.2, "validation_batch_size": 8})
    history = train(make_graph(), config, tmp_path, Reporter(events.append), commands=commands)
    assert history.epoch == []
    assert events[-1].type == "status"


def test_precision_and_initial_epoch_are_those_of_the_run_only(make_graph, make_config, tmp_path, events):
    before = keras.config.dtype_policy().name
    config = make_config(precision="float64", fit={"epochs": 7, "initial_epoch": 5, "batch_size": 512})
    history = train(make_graph(), config, tmp_path, Reporter(events.append))
    assert keras.config.dtype_policy().name == before
    (path,) = (tmp_path / "checkpoints").iterdir()
    assert keras.saving.load_model(path).get_layer("hidden").kernel.dtype == "float64"
    assert history.epoch == [5, 6]
    assert [(event.epoch, event.step) for event in events if isinstance(event, EpochEvent)] == [(5, 4), (6, 8)]


def test_the_callbacks_of_keras_do_their_work_in_the_folder_of_the_run(make_graph, make_config, tmp_path):
    callbacks = [
        {"class_name": "EarlyStopping", "config": {"monitor": "val_loss", "min_delta": 1000, "patience": 2}},
        {
            "class_name": "ReduceLROnPlateau",
            "config": {"monitor": "loss", "min_delta": 1000, "patience": 1, "factor": 0.5},
        },
        {"class_name": "TerminateOnNaN"},
        {"class_name": "CSVLogger", "config": {"filename": "logs/history.csv"}},
        {"class_name": "ModelCheckpoint", "config": {"filepath": "{epoch:02d}-{val_loss:.2f}.keras"}},
        {"class_name": "BackupAndRestore", "config": {"backup_dir": "backup"}},
    ]
    config = make_config(fit={"epochs": 50, "batch_size": 512, "validation_split": 0.2}, callbacks=callbacks)
    history = train(make_graph(), config, tmp_path)
    assert len(history.epoch) == 3
    assert history.history["learning_rate"] == pytest.approx([1e-3, 1e-3, 5e-4])
    rows = (tmp_path / "callbacks" / "logs" / "history.csv").read_text().splitlines()
    assert len(rows) == 4
    saved = sorted(path.name for path in (tmp_path / "callbacks").glob("*.keras"))
    assert [name[:3] for name in saved] == ["01-", "02-", "03-"]


def test_several_inputs_and_outputs_are_fed_by_name(make_config, tmp_path):
    from engine.graph.document import Graph

    graph = Graph.model_validate(
        {
            "layers": [
                {"id": "left", "class_name": "InputLayer", "config": {"batch_shape": [None, 4]}},
                {"id": "right", "class_name": "InputLayer", "config": {"batch_shape": [None, 4]}},
                {"id": "both", "class_name": "Concatenate"},
                {"id": "again", "class_name": "Dense", "config": {"units": 4}},
                {"id": "kind", "class_name": "Dense", "config": {"units": 3, "activation": "softmax"}},
            ],
            "nodes": [{"id": name, "layer": name} for name in ("left", "right", "both", "again", "kind")],
            "edges": [
                {"id": "a", "source": "left", "target": "both", "path": [0]},
                {"id": "b", "source": "right", "target": "both", "path": [1]},
                {"id": "c", "source": "both", "target": "again"},
                {"id": "d", "source": "both", "target": "kind"},
            ],
        }
    )
    config = make_config(
        compile={
            "loss": {"again": "mse", "kind": "sparse_categorical_crossentropy"},
            "loss_weights": {"again": 0.1, "kind": 1},
        },
        data={
            "dataset": "iris",
            "inputs": {"right": "features", "left": "features"},
            "targets": {"kind": "species", "again": "features"},
        },
    )
    history = train(graph, config, tmp_path).history
    assert {"loss", "again_loss", "kind_loss", "val_loss"} <= history.keys()
    assert np.isfinite(history["loss"]).all()


def test_metrics_that_answer_arrays_stay_in_the_history_and_out_of_the_events(
    make_graph, make_config, tmp_path, events
):
    metric = {"class_name": "F1Score", "config": {"average": None, "threshold": 0.5}}
    config = make_config(
        compile={"loss": "mse", "metrics": [metric]},
        data={"dataset": "iris", "targets": {"answer": "features"}},
        fit={"epochs": 1, "batch_size": 64},
    )
    history = train(make_graph((4,), 4, "sigmoid"), config, tmp_path, Reporter(events.append))
    assert np.shape(history.history["f1_score"][0]) == (4,)
    (epoch,) = [event for event in events if isinstance(event, EpochEvent)]
    assert list(epoch.logs) == ["loss"]


@pytest.mark.parametrize(
    ("sections", "error"),
    [
        ({"data": {"dataset": "nothing"}}, EngineError),
        ({"compile": {"loss": "nothing"}}, ConfigError),
        ({"fit": {"validation_split": 0.9999}}, ConfigError),
    ],
)
def test_what_cannot_be_trained_raises_and_promises_no_end(sections, error, make_graph, make_config, tmp_path, events):
    with pytest.raises(error):
        train(make_graph(), make_config(**sections), tmp_path, Reporter(events.append))
    assert [event.type for event in events] == ["status"]
