"""Short epochs that are done several at a time: nobody may see a difference to epochs that are done one by one."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest

from engine.backend.programs import ResidentProgram
from engine.training.config import RunConfig
from engine.training.events import EpochEvent, Event, MarkEvent, StepsEvent
from engine.training.feeding import FedData
from engine.training.loop import fit_model
from engine.training.reporting import Reporter

SAMPLES, BATCH, EPOCHS = 50, 8, 12
STEPS = 7
"""An epoch has six whole batches and a smaller one."""

CHUNK = 40
"""Five epochs have room in it."""


class LastEpoch(keras.callbacks.Callback):
    """Does what a person's callback may do at the end of an epoch."""

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        del logs
        self.model.stop_training = epoch == 3


@pytest.fixture
def data() -> FedData:
    random = np.random.default_rng(0)
    inputs = random.normal(size=(SAMPLES, 4)).astype("float32")
    return FedData([inputs], [inputs.sum(axis=1, keepdims=True)], ["y"])


@pytest.fixture
def chunks(monkeypatch) -> list[tuple[int, int]]:
    """The first batch and the number of steps of every chunk that is run."""
    found: list[tuple[int, int]] = []
    run: Callable[..., object] = ResidentProgram.run

    def note(program: ResidentProgram, first: int, count: int, **settings: bool) -> object:
        found.append((first, count))
        return run(program, first, count, **settings)

    monkeypatch.setattr(ResidentProgram, "run", note)
    return found


def make_model() -> keras.Model:
    keras.utils.set_random_seed(3)
    inputs = keras.Input((4,))
    hidden = keras.layers.BatchNormalization()(keras.layers.Dense(8, activation="relu")(inputs))
    return keras.Model(inputs, keras.layers.Dense(1)(hidden))


def make_linear_model() -> keras.Model:
    keras.utils.set_random_seed(3)
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])


def make_config(mode: str = "graph", learning_rate: float = 0.01, **fit: object) -> RunConfig:
    return RunConfig.model_validate(
        {
            "compile": {
                "optimizer": {"class_name": "SGD", "config": {"learning_rate": learning_rate}},
                "loss": "mean_squared_error",
                "metrics": ["mean_absolute_error"],
            },
            "fit": {"epochs": EPOCHS, "batch_size": BATCH, **fit},
            "data": {"dataset": "digits"},
            "plan": {"mode": mode, "steps_per_chunk": CHUNK},
        }
    )


def train(config: RunConfig, data: FedData, folder: Path, model: keras.Model | None = None, **settings: object):
    events: list[Event] = []
    history = fit_model(model or make_model(), data, config, folder, Reporter(events.append), **settings)  # type: ignore[arg-type]
    return history, events


@pytest.mark.parametrize(("mode", "tolerance"), [("graph", 1e-5), ("xla", 1e-4)])
def test_history_is_that_of_fit(mode, tolerance, data, chunks, tmp_path):
    history, _ = train(make_config(mode), data, tmp_path)

    model = make_model()
    model.compile(optimizer=keras.optimizers.SGD(0.01), loss="mean_squared_error", metrics=["mean_absolute_error"])
    theirs = model.fit(data.x, data.y, epochs=EPOCHS, batch_size=BATCH, verbose=0)
    assert history.epoch == theirs.epoch
    for name, values in theirs.history.items():
        np.testing.assert_allclose(history.history[name], values, rtol=tolerance)
    assert chunks == [(0, 5 * STEPS), (0, 5 * STEPS), (0, 2 * STEPS)]


def test_every_epoch_and_step_is_reported_as_if_it_stood_alone(data, tmp_path):
    _, together = train(make_config(), data, tmp_path / "together")
    _, apart = train(make_config(), data, tmp_path / "apart", callbacks=[keras.callbacks.LambdaCallback()])

    def read(events: list[Event]) -> list[tuple[int, int, str]]:
        steps = [(one.epoch, one.first_step, repr(one.values)) for one in events if isinstance(one, StepsEvent)]
        return steps + [(one.epoch, one.step, repr(one.logs)) for one in events if isinstance(one, EpochEvent)]

    assert read(together) == read(apart)
    assert [one.step for one in together if isinstance(one, EpochEvent)] == [STEPS * (n + 1) for n in range(EPOCHS)]


def test_epochs_stand_alone_where_a_callback_may_act_between_them(data, chunks, tmp_path):
    history, _ = train(make_config(), data, tmp_path, callbacks=[LastEpoch()])

    assert history.epoch == [0, 1, 2, 3]
    assert chunks == [(0, STEPS)] * 4


def test_epochs_stand_alone_where_they_are_validated(data, chunks, tmp_path):
    history, _ = train(make_config(validation_split=0.2), data, tmp_path)

    assert len(history.history["val_loss"]) == EPOCHS
    assert max(count for _, count in chunks) == 5


def test_epochs_that_are_not_whole_passes_stand_alone(data, chunks, tmp_path):
    train(make_config(steps_per_epoch=3), data, tmp_path)

    assert [first for first, _ in chunks] == [0, 3, 6] * 4
    assert {count for _, count in chunks} == {3, 1}


def test_a_loss_that_is_not_finite_is_found_in_the_epoch_where_it_was(data, tmp_path):
    # The loss grows tenfold or so with each step, so that it takes some epochs until there is no number for it.
    history, events = train(make_config(learning_rate=2.0), data, tmp_path, make_linear_model())

    losses = [loss for one in events if isinstance(one, StepsEvent) for loss in one.values["loss"]]
    first = next(step for step, loss in enumerate(losses) if not np.isfinite(loss))
    (mark,) = [one for one in events if isinstance(one, MarkEvent) and one.kind == "not_finite"]
    assert first > STEPS
    assert (mark.step, mark.epoch) == (first, first // STEPS)
    assert f"in epoch {first // STEPS + 1}" in mark.message
    assert len(losses) == EPOCHS * STEPS
    assert history.epoch == list(range(EPOCHS))
