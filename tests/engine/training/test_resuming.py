"""Exact resume: a training that left at any step goes on to the very weights and History of one that never did."""

import hashlib
import resource
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.training.commands import Command, Pause, Resume, SaveCheckpoint, SetEpochs, SetLearningRate, Stop
from engine.training.config import RunConfig
from engine.training.events import CheckpointEvent, EpochEvent, Event, MarkEvent, StatusEvent, StepsEvent
from engine.training.feeding import FedData
from engine.training.loop import fit_model
from engine.training.reporting import Reporter
from tests.engine.training.command_sources import Script, steps_done

SAMPLES = 83
STEPS_PER_EPOCH = 7


def make_model() -> keras.Model:
    """Small, with all that keeps a state: moving averages, random numbers, momentum."""
    keras.utils.set_random_seed(3)
    return keras.Sequential(
        [
            keras.Input((6,)),
            keras.layers.GaussianNoise(0.1),
            keras.layers.Dense(8, activation="relu", kernel_regularizer="l2"),
            keras.layers.BatchNormalization(),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )


def make_data() -> FedData:
    random = np.random.default_rng(0)
    x = random.normal(size=(SAMPLES, 6)).astype("float32")
    return FedData([x], [random.integers(0, 3, SAMPLES)], ["y"])


def make_config(**sections) -> RunConfig:
    fit = {
        "epochs": 4,
        "batch_size": 10,
        "validation_split": 0.2,
        "validation_batch_size": 3,
        **sections.pop("fit", {}),
    }
    return RunConfig.model_validate(
        {
            "compile": {
                "optimizer": {
                    "class_name": "Adam",
                    "config": {"learning_rate": 0.01, "clipnorm": 1.0, "use_ema": True},
                },
                "loss": "sparse_categorical_crossentropy",
                "metrics": ["accuracy"],
            },
            "fit": fit,
            "callbacks": [
                {"class_name": "ReduceLROnPlateau", "config": {"patience": 1, "monitor": "loss", "min_delta": 1}},
                {"class_name": "EarlyStopping", "config": {"patience": 9, "restore_best_weights": True}},
                {"class_name": "CSVLogger", "config": {"filename": "log.csv"}},
            ],
            "data": {"dataset": "digits"},
            "plan": {"mode": "graph"},
            **sections,
        }
    )


class Training:
    """What a training gave: weights, History, the curve of every step, and what was written."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.events: list[Event] = []
        self.model = make_model()
        self.history = keras.callbacks.History()

    def run(self, config: RunConfig, **arguments) -> "Training":
        reporter = Reporter(self.events.append)
        self.history = fit_model(self.model, make_data(), config, self.folder, reporter, **arguments)
        return self

    @property
    def digest(self) -> str:
        variables = [*self.model.variables, *self.model.optimizer.variables]
        return hashlib.sha256(b"".join(np.asarray(one.numpy()).tobytes() for one in variables)).hexdigest()

    @property
    def checkpoint(self) -> Path:
        (*_, last) = [one for one in self.events if isinstance(one, CheckpointEvent)]
        return self.folder / last.path

    @property
    def asked(self) -> Path:
        """The checkpoint that somebody asked for."""
        saved = next(one for one in self.events if isinstance(one, CheckpointEvent) and one.cause == "asked")
        return self.folder / saved.path

    @property
    def csv(self) -> str:
        return (self.folder / "callbacks/log.csv").read_text()


def has_done(training: Training, steps: int) -> Callable[[], bool]:
    """Whether it has reported more than so many steps."""
    return lambda: steps_done(training.events) > steps


def merge_curves(*trainings: Training) -> dict[str, list[float]]:
    """The curve as whoever reads it sees it: later pieces win."""
    curves: dict[str, list[float]] = {}
    for training in trainings:
        for event in training.events:
            if isinstance(event, StepsEvent):
                for name, values in event.values.items():
                    curves[name] = [*curves.get(name, [])[: event.first_step], *values]
    return curves


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Training:
    return Training(tmp_path_factory.mktemp("whole")).run(make_config())


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 30), min_size=1, max_size=2))
def test_a_training_that_left_at_any_steps_goes_on_to_the_same(whole, tmp_path_factory, steps):
    attempts = []
    checkpoint = None
    for step in sorted(steps):
        attempt = Training(tmp_path_factory.mktemp("attempt"))
        leaves = Script(leaves=has_done(attempt, step))
        attempts.append(attempt.run(make_config(), commands=leaves, resume=checkpoint))
        checkpoint = attempt.checkpoint if any(one.type == "checkpoint" for one in attempt.events) else checkpoint
    last = Training(tmp_path_factory.mktemp("last")).run(make_config(), resume=checkpoint)
    attempts.append(last)
    assert last.digest == whole.digest
    assert last.history.history == whole.history.history
    assert last.history.epoch == whole.history.epoch
    assert merge_curves(*attempts) == merge_curves(whole)
    assert last.csv == whole.csv


def test_the_rest_of_an_epoch_that_goes_on_in_the_next_is_the_same(tmp_path):
    config = make_config(fit={"steps_per_epoch": 3, "epochs": 5})
    whole = Training(tmp_path / "whole").run(config)
    first = Training(tmp_path / "first")
    first.run(config, commands=Script(leaves=lambda: steps_done(first.events) > 7))
    last = Training(tmp_path / "last").run(config, resume=first.checkpoint)
    assert (last.digest, last.history.history) == (whole.digest, whole.history.history)


def test_a_pause_changes_nothing_and_is_seen(whole, tmp_path):
    training = Training(tmp_path)
    commands = Script((lambda: steps_done(training.events) > 4, Pause()), (lambda: True, Resume()))
    training.run(make_config(), commands=commands)
    assert training.digest == whole.digest
    statuses = [one.status for one in training.events if isinstance(one, StatusEvent)]
    assert statuses == ["paused", "running", "finished"]
    marks = [(one.kind, one.command) for one in training.events if isinstance(one, MarkEvent) and one.command]
    assert marks == [("paused", 1), ("resumed", 2)]


def test_a_learning_rate_that_was_changed_is_changed_at_the_same_step_again(tmp_path):
    first = Training(tmp_path / "first")
    script = Script(
        (lambda: steps_done(first.events) > 2, SaveCheckpoint()),
        (lambda: steps_done(first.events) > 9, SetLearningRate(learning_rate=0.3)),
    )
    first.run(make_config(), commands=script)
    (mark,) = [one for one in first.events if isinstance(one, MarkEvent) and one.command == 2]
    assert mark.values == {"learning_rate": pytest.approx(0.3)}
    saved = next(one for one in first.events if isinstance(one, CheckpointEvent) and one.cause == "asked")
    assert saved.step < mark.step
    past = [Command(number=2, action=SetLearningRate(learning_rate=0.3), at_step=mark.step)]
    again = Training(tmp_path / "again")
    again.run(make_config(), resume=first.folder / saved.path, past_commands=past)
    assert (again.digest, merge_curves(first, again)) == (first.digest, merge_curves(first))


def test_a_learning_rate_that_is_asked_for_during_a_validation_is_told_at_once_and_waits_for_its_end(tmp_path):
    plateau = {"class_name": "ReduceLROnPlateau", "config": {"monitor": "loss", "patience": 0, "min_delta": 9.0}}
    config = make_config(callbacks=[plateau], fit={"validation_batch_size": 1})
    first = Training(tmp_path / "first")
    # The steps of an epoch are reported before its validation begins, and nobody heeds commands in between.
    is_validating = lambda: steps_done(first.events) == STEPS_PER_EPOCH  # noqa: E731
    asked = (SetLearningRate(learning_rate=0.3), SaveCheckpoint())
    first.run(config, commands=Script(*((is_validating, one) for one in asked)))
    (mark,) = [one for one in first.events if isinstance(one, MarkEvent) and one.command == 1]
    assert (mark.epoch, mark.step) == (0, STEPS_PER_EPOCH)
    assert mark.message == "Learning rate 0.01 → 0.3 from the next epoch on: asked for"

    saved = next(one for one in first.events if isinstance(one, CheckpointEvent) and one.cause == "asked")
    assert (saved.epoch, saved.position) == (0, STEPS_PER_EPOCH)
    past = [
        Command(number=1, action=SetLearningRate(learning_rate=0.3), at_step=mark.step),
        Command(number=2, action=SaveCheckpoint(), at_step=saved.step),
    ]
    again = Training(tmp_path / "again")
    again.run(config, resume=first.folder / saved.path, past_commands=past)
    assert (again.digest, merge_curves(first, again)) == (first.digest, merge_curves(first))


def test_a_learning_rate_is_told_of_while_a_validation_is_paused(tmp_path):
    training = Training(tmp_path)
    is_validating = lambda: steps_done(training.events) == STEPS_PER_EPOCH  # noqa: E731
    is_told = lambda: "learning_rate" in {one.kind for one in training.events if isinstance(one, MarkEvent)}  # noqa: E731
    training.run(
        make_config(callbacks=[], fit={"validation_batch_size": 1}),
        commands=Script(
            (is_validating, Pause()), (is_validating, SetLearningRate(learning_rate=0.3)), (is_told, Resume())
        ),
    )
    marks = [one.kind for one in training.events if isinstance(one, MarkEvent) and one.command]
    assert marks == ["paused", "learning_rate", "resumed"]
    assert float(training.model.optimizer.learning_rate) == pytest.approx(0.3)


class HalvesTheRate(keras.callbacks.Callback):
    """After every epoch."""

    def on_epoch_end(self, epoch, logs=None):
        """See Keras."""
        self.model.optimizer.learning_rate = float(self.model.optimizer.learning_rate) / 2


def test_the_newest_mark_has_the_learning_rate_that_it_trains_with(tmp_path):
    training = Training(tmp_path)
    is_validating = lambda: steps_done(training.events) == STEPS_PER_EPOCH  # noqa: E731
    training.run(
        make_config(callbacks=[], fit={"validation_batch_size": 1, "epochs": 2}),
        commands=Script((is_validating, SetLearningRate(learning_rate=0.3))),
        callbacks=[HalvesTheRate()],
    )
    told = [one for one in training.events if isinstance(one, MarkEvent) and "learning_rate" in one.values]
    assert [one.source for one in told] == ["person", "HalvesTheRate", "person", "HalvesTheRate"]
    assert [one.values["learning_rate"] for one in told] == pytest.approx([0.3, 0.005, 0.3, 0.15])


def test_a_command_to_repeat_is_not_forgotten_by_what_is_asked_before_it(tmp_path):
    first = Training(tmp_path / "first")
    first.run(make_config(), commands=Script((lambda: steps_done(first.events) > 2, SaveCheckpoint())))
    past = [Command(number=1, action=SetLearningRate(learning_rate=0.3), at_step=20)]
    whole = Training(tmp_path / "whole").run(make_config(), resume=first.asked, past_commands=past)
    again = Training(tmp_path / "again")
    asked = Script(
        (lambda: steps_done(again.events) > 9, Pause()),
        (lambda: True, Resume()),
        leaves=lambda: steps_done(again.events) > 12,
    )
    again.run(make_config(), resume=first.asked, past_commands=past, commands=asked)
    assert steps_done(again.events) < 20
    last = Training(tmp_path / "last").run(make_config(), resume=again.checkpoint, past_commands=past)
    assert (last.digest, last.history.history) == (whole.digest, whole.history.history)


def test_another_learning_rate_takes_the_place_of_one_that_would_be_set_again(tmp_path):
    config = make_config(callbacks=[])
    first = Training(tmp_path / "first")
    first.run(config, commands=Script((lambda: steps_done(first.events) > 2, SaveCheckpoint())))
    past = [Command(number=1, action=SetLearningRate(learning_rate=0.3), at_step=20)]
    again = Training(tmp_path / "again")
    asked = Script((lambda: steps_done(again.events) > 9, SetLearningRate(learning_rate=0.002)))
    again.run(config, resume=first.asked, past_commands=past, commands=asked)
    assert float(again.model.optimizer.learning_rate) == pytest.approx(0.002)


def test_a_stop_after_the_epoch_comes_with_its_validation(tmp_path):
    training = Training(tmp_path)
    training.run(make_config(), commands=Script((lambda: steps_done(training.events) > 2, Stop(when="epoch"))))
    (epoch,) = [one for one in training.events if isinstance(one, EpochEvent)]
    assert "val_loss" in epoch.logs
    assert isinstance(training.events[-1], StatusEvent)
    assert training.events[-1].status == "stopped"


def test_epochs_can_be_added_while_it_trains(tmp_path):
    training = Training(tmp_path)
    training.run(make_config(), commands=Script((lambda: steps_done(training.events) > 2, SetEpochs(epochs=6))))
    assert training.history.epoch == [0, 1, 2, 3, 4, 5]


def test_a_finished_training_goes_on_for_more_epochs(tmp_path):
    config = make_config(
        callbacks=[], compile={"optimizer": "adam", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
    )
    first = Training(tmp_path / "first").run(config)
    more = Training(tmp_path / "more").run(
        config, resume=first.checkpoint, commands=Script((lambda: True, SetEpochs(epochs=6)))
    )
    longer = config.model_copy(update={"fit": config.fit.model_copy(update={"epochs": 6})})
    whole = Training(tmp_path / "whole").run(longer)
    assert (more.digest, more.history.history) == (whole.digest, whole.history.history)


def test_a_damaged_checkpoint_is_refused_with_its_name(tmp_path):
    first = Training(tmp_path / "first")
    first.run(make_config(), commands=Script(leaves=lambda: steps_done(first.events) > 2))
    path = first.checkpoint
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(Exception, match=path.name):
        Training(tmp_path / "again").run(make_config(), resume=path)


@pytest.fixture
def full_disk() -> Iterator[Callable[[], None]]:
    """No file can grow until the function is called."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def make_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    yield make_room
    make_room()
    signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_pauses_the_run_with_the_reason_until_there_is_room(tmp_path, full_disk):
    training = Training(tmp_path)

    def make_room_once_paused() -> bool:
        paused = any(isinstance(one, StatusEvent) and one.status == "paused" for one in training.events)
        if paused:
            full_disk()
        return paused

    config = make_config(callbacks=[], checkpoints={"every_minutes": 1e-6})
    training.run(config, commands=Script((make_room_once_paused, Resume())))
    paused, running, *_ = [one for one in training.events if isinstance(one, StatusEvent)]
    assert (paused.status, running.status) == ("paused", "running")
    assert "could not be saved" in (paused.reason or "")
    assert any(isinstance(one, CheckpointEvent) for one in training.events)
    assert training.history.epoch == [0, 1, 2, 3]


def test_a_full_disk_does_not_hold_up_a_training_that_nobody_could_resume(tmp_path, full_disk):
    training = Training(tmp_path).run(make_config(callbacks=[], checkpoints={"every_minutes": 1e-6}))
    full_disk()
    assert training.history.epoch == [0, 1, 2, 3]
    assert not any(isinstance(one, CheckpointEvent) for one in training.events)
