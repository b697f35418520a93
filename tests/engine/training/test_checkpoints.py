"""Checkpoints: whole or not there, the newest and the best, loadable by plain Keras."""

import hashlib
import resource
import signal

import keras
import numpy as np
import pytest

from engine.training.checkpoints import CheckpointError, CheckpointKeeper
from engine.training.config import CheckpointSettings
from engine.training.earlier_checkpoints import EarlierCheckpoint, write_earlier
from engine.training.events import CheckpointEvent, Event, LogEvent
from engine.training.reporting import Reporter


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def keeper(tmp_path, events):
    return CheckpointKeeper(tmp_path, Reporter(events.append))


@pytest.fixture(scope="module")
def model():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    model.compile(optimizer="adam", loss="mse")
    model.fit(np.ones((4, 2)), np.ones((4, 3)), verbose=0)
    return model


def test_a_checkpoint_is_a_model_with_its_optimizer(keeper, model, events, tmp_path):
    path = keeper.save(model, epoch=3, step=12, logs={"loss": 0.5})
    loaded = keras.saving.load_model(path)
    for ours, theirs in zip(model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert (loaded.optimizer.iterations, loaded.loss) == (model.optimizer.iterations, "mse")
    (event,) = events
    assert isinstance(event, CheckpointEvent)
    content = (tmp_path / event.path).read_bytes()
    assert (event.epoch, event.step, event.logs) == (3, 12, {"loss": 0.5})
    assert (event.size, event.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_the_newest_three_and_the_best_are_kept(keeper, model, tmp_path):
    for step, loss in enumerate([0.9, 0.1, 0.5, float("nan"), 0.6, 0.7, 0.8]):
        keeper.save(model, epoch=step, step=step, logs={"loss": 0.0, "val_loss": loss})
    assert sorted(path.name for path in (tmp_path / "checkpoints").iterdir()) == [
        f"epoch-{step:04d}-step-{step:08d}.keras" for step in (1, 4, 5, 6)
    ]


def test_those_of_earlier_attempts_count_among_the_newest_and_the_best(model, tmp_path, events):
    settings = CheckpointSettings(keep_last=2, keep_best=1)
    earlier = tmp_path / "first"
    for step, loss in enumerate([0.5, 0.1, 0.6]):
        CheckpointKeeper(earlier, Reporter(events.append), settings).save(
            model, epoch=0, step=step, logs={"loss": loss}
        )
    left = [
        EarlierCheckpoint(path=f"first/{one.path}", logs=one.logs) for one in events if isinstance(one, CheckpointEvent)
    ]
    elsewhere = tmp_path.with_name("elsewhere.keras")
    elsewhere.touch()
    second = tmp_path / "second"
    second.mkdir()
    write_earlier(second, [EarlierCheckpoint(path="../elsewhere.keras", logs={}), *left])
    keeper = CheckpointKeeper(second, Reporter(events.append), settings)
    keeper.save(model, epoch=0, step=3, logs={"loss": float("nan")})
    assert sorted(int(path.stem[-8:]) for path in tmp_path.rglob("*.keras")) == [1, 2, 3]
    keeper.save(model, epoch=0, step=4, logs={"loss": 0.2})
    assert sorted(int(path.stem[-8:]) for path in tmp_path.rglob("*.keras")) == [1, 3, 4]
    assert elsewhere.exists()


def test_a_full_disk_leaves_the_earlier_checkpoint_and_says_so(keeper, model, events, tmp_path):
    earlier = keeper.save(model, epoch=0, step=1, logs={"loss": 1.0})
    content = earlier.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    try:
        with pytest.raises(CheckpointError, match="could not be saved"):
            keeper.save(model, epoch=1, step=2, logs={"loss": 0.5})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert list((tmp_path / "checkpoints").iterdir()) == [earlier]
    assert earlier.read_bytes() == content
    assert isinstance(events[-1], LogEvent)
    assert (events[-1].level, "could not be saved" in events[-1].message) == ("error", True)
    assert keeper.save(model, epoch=1, step=2, logs={"loss": 0.5}).exists()


def test_one_is_due_only_when_the_last_is_old_enough(model, tmp_path, events):
    now = [0.0]
    keeper = CheckpointKeeper(
        tmp_path, Reporter(events.append), CheckpointSettings(every_minutes=0.5), clock=lambda: now[0]
    )
    now[0] = 29.0
    assert not keeper.is_due
    now[0] = 30.0
    assert keeper.is_due
    keeper.save(model, epoch=0, step=1, logs={})
    assert not keeper.is_due


def test_the_last_two_and_the_best_two_by_a_metric_are_kept(model, tmp_path, events):
    settings = CheckpointSettings(keep_last=2, keep_best=2, monitor="val_accuracy", mode="max")
    keeper = CheckpointKeeper(tmp_path, Reporter(events.append), settings)
    for step, accuracy in enumerate([0.2, 0.9, 0.8, 0.1, 0.3]):
        keeper.save(model, epoch=step, step=step, logs={"val_accuracy": accuracy})
    assert [int(path.stem[-8:]) for path in sorted((tmp_path / "checkpoints").iterdir())] == [1, 2, 3, 4]
