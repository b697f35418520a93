"""Samples that are read from files while the model trains: the training is the same as without."""

import hashlib
import threading
from pathlib import Path

import keras
import numpy as np
import pytest

from engine.data.source import Array
from engine.errors import EngineError
from engine.training import data_place, reading_ahead
from engine.training.config import RunConfig
from engine.training.events import WAIT, CheckpointEvent, Event, PlanEvent, StepsEvent
from engine.training.feeding import FedData
from engine.training.loop import fit_model
from engine.training.planning import Planner
from engine.training.reporting import Reporter
from engine.training.sample_order import SampleOrder
from engine.training.samples import split_data
from engine.training.stepping import Plan
from tests.engine.training.command_sources import Script, steps_done

SAMPLES = 103
STREAM = {"mode": "graph", "data": "stream"}


class Broken(BaseException):
    """Ends a training as a kill does: nobody writes a checkpoint any more."""


class Breaker(keras.callbacks.Callback):
    def __init__(self, step: int):
        super().__init__()
        # Not a number: those are put back where a training goes on.
        self._steps = iter(range(1, step))

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        del batch, logs
        if next(self._steps, None) is None:
            raise Broken


@pytest.fixture
def data(tmp_path: Path) -> FedData:
    """Pictures of bytes, numbers of twice the precision, and labels, each in a file."""
    random = np.random.default_rng(0)
    arrays = [
        random.integers(0, 256, (SAMPLES, 4, 4, 1), "uint8"),
        random.normal(size=(SAMPLES, 5)),
        random.integers(0, 3, SAMPLES).astype("int32"),
    ]
    return FedData([put(tmp_path, 0, arrays[0]), put(tmp_path, 1, arrays[1])], [put(tmp_path, 2, arrays[2])], ["label"])


def put(folder: Path, number: int, array: Array) -> Array:
    np.save(folder / f"{number}.npy", array)
    mapped: Array = np.load(folder / f"{number}.npy", mmap_mode="r")
    return mapped


def make_model() -> keras.Model:
    keras.utils.set_random_seed(5)
    image, numbers = keras.Input((4, 4, 1)), keras.Input((5,))
    pixels = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(image))
    hidden = keras.layers.Dense(8, activation="relu")(keras.layers.Concatenate()([pixels, numbers]))
    hidden = keras.layers.Dropout(0.2)(keras.layers.BatchNormalization()(hidden))
    return keras.Model([image, numbers], keras.layers.Dense(3, activation="softmax")(hidden))


def make_config(plan: object = STREAM, **fit: object) -> RunConfig:
    loss = {"optimizer": "adam", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
    settings = {"epochs": 3, "batch_size": 10, "validation_split": 0.2, "validation_batch_size": 7, **fit}
    return RunConfig.model_validate({"compile": loss, "fit": settings, "data": {"dataset": "given"}, "plan": plan})


class Training:
    """What a training left."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.events: list[Event] = []
        self.model = make_model()
        self.history: dict[str, list[float]] = {}

    def run(self, data: FedData, config: RunConfig, **settings) -> "Training":
        report = Reporter(self.events.append)
        self.history = fit_model(self.model, data, config, self.folder, report, **settings).history
        return self

    @property
    def digest(self) -> str:
        variables = [*self.model.variables, *self.model.optimizer.variables]
        return hashlib.sha256(b"".join(np.asarray(one.numpy()).tobytes() for one in variables)).hexdigest()

    @property
    def curves(self) -> dict[str, list[float]]:
        found: dict[str, list[float]] = {}
        for event in self.events:
            if isinstance(event, StepsEvent):
                for name, values in event.values.items():
                    found.setdefault(name, []).extend(values)
        return found

    @property
    def plan(self) -> PlanEvent:
        return [one for one in self.events if isinstance(one, PlanEvent)][-1]

    @property
    def checkpoint(self) -> Path:
        return self.folder / [one for one in self.events if isinstance(one, CheckpointEvent)][-1].path


def list_readers() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("read-ahead")]


@pytest.mark.filterwarnings("ignore:Your input ran out of data")
@pytest.mark.parametrize("steps_per_epoch", [None, 4])
def test_a_stream_trains_as_fit_does(data: FedData, tmp_path: Path, steps_per_epoch: int | None):
    config = make_config(steps_per_epoch=steps_per_epoch)
    keras.utils.set_random_seed(config.seed)
    model = make_model()
    keras.utils.set_random_seed(config.seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    whole = [np.array(array) for array in data.arrays]
    fit = {"batch_size": 10, "epochs": 3, "validation_split": 0.2, "validation_batch_size": 7}
    expected = model.fit(whole[:2], whole[2], **fit, steps_per_epoch=steps_per_epoch, verbose=0).history
    keras.utils.set_random_seed(config.seed)
    training = Training(tmp_path / "run")
    keras.utils.set_random_seed(config.seed)
    training.run(data, config)
    assert training.history.keys() == expected.keys()
    for name, values in expected.items():
        assert training.history[name] == pytest.approx(values, abs=1e-5), name


@pytest.mark.parametrize(("mode", "epochs"), [("graph", 3), ("step", 1)])
def test_blocks_of_any_size_give_the_same_bits(data: FedData, tmp_path: Path, monkeypatch, mode: str, epochs: int):
    digests, histories = set(), []
    for number, size in enumerate([1, 2_500]):
        monkeypatch.setattr(reading_ahead, "BLOCK_BYTES", size)
        training = Training(tmp_path / str(number)).run(
            data, make_config({"mode": mode, "data": "stream"}, epochs=epochs)
        )
        digests.add(training.digest)
        histories.append(training.history)
    resident = Training(tmp_path / "resident").run(data, make_config({"mode": mode, "data": "device"}, epochs=epochs))
    assert digests == {resident.digest}
    assert histories == [resident.history] * 2


@pytest.mark.parametrize("step", [1, 20])
def test_a_stream_that_was_left_goes_on_exactly(data: FedData, tmp_path: Path, monkeypatch, step: int):
    monkeypatch.setattr(reading_ahead, "BLOCK_BYTES", 1_000)
    whole = Training(tmp_path / "whole").run(data, make_config())
    first = Training(tmp_path / "first")
    first.run(data, make_config(), commands=Script(leaves=lambda: steps_done(first.events) > step))
    assert list_readers() == []
    last = Training(tmp_path / "last").run(data, make_config(), resume=first.checkpoint)
    assert (last.digest, last.history) == (whole.digest, whole.history)


def test_a_stream_that_was_killed_goes_on_exactly_from_its_checkpoint(data: FedData, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(reading_ahead, "BLOCK_BYTES", 1_000)
    config = make_config().model_copy(update={"checkpoints": make_config().checkpoints.model_copy()})
    config.checkpoints.every_minutes = 1e-6
    whole = Training(tmp_path / "whole").run(data, config, callbacks=[Breaker(10**6)])
    first = Training(tmp_path / "first")
    with pytest.raises(Broken):
        first.run(data, config, callbacks=[Breaker(23)])
    assert list_readers() == []
    last = Training(tmp_path / "last").run(data, config, resume=first.checkpoint, callbacks=[Breaker(10**6)])
    assert (last.digest, last.history) == (whole.digest, whole.history)


def test_a_file_that_is_cut_off_under_way_ends_the_training_with_its_name(data: FedData, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(reading_ahead, "BLOCK_BYTES", 1)

    class Cutter(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: object = None) -> None:
            with (tmp_path / "1.npy").open("rb+") as file:
                file.truncate(300)

    with pytest.raises(EngineError, match=r"The file 1\.npy of the data set was changed"):
        Training(tmp_path / "run").run(data, make_config(), callbacks=[Cutter()])
    assert list_readers() == []


def test_a_read_that_fails_is_told(data: FedData, tmp_path: Path, monkeypatch):
    def fail(samples: object, rows: object) -> object:
        raise OSError(5, "Input/output error")

    training = Training(tmp_path / "run")
    config = make_config({"mode": "step", "data": "stream"}, validation_split=0)
    monkeypatch.setattr("engine.training.reading_ahead.take_samples", fail)
    with pytest.raises(EngineError, match=r"could not be read any more: .*Input/output error"):
        training.run(data, config)
    assert list_readers() == []


def test_the_wait_of_each_step_is_a_curve_and_its_share_is_in_the_plan(data: FedData, tmp_path: Path):
    training = Training(tmp_path).run(data, make_config())
    assert len(training.curves[WAIT]) == len(training.curves["loss"])
    assert min(training.curves[WAIT]) >= 0
    assert WAIT not in training.history
    assert 0 < (training.plan.wait_share or 0) < 1
    assert (training.plan.peak_memory or 0) > 10**7


def test_samples_on_the_device_are_not_waited_for(data: FedData, tmp_path: Path):
    training = Training(tmp_path).run(data, make_config("auto"))
    assert WAIT not in training.curves
    assert (training.plan.data, training.plan.wait_share, training.plan.data_reason) == ("device", 0, None)


def test_large_data_in_files_is_streamed_and_the_plan_says_why(data: FedData, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(data_place, "MOST_FROM_FILES", 1_000)
    training = Training(tmp_path).run(data, make_config("auto"))
    assert training.plan.data == "stream"
    assert "are read ahead of the training" in (training.plan.data_reason or "")


def test_large_samples_in_files_lie_on_the_device_where_they_fit(data: FedData, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(data_place, "MOST_FROM_FILES", 1_000)
    monkeypatch.setattr(data_place, "LARGE_SAMPLE", 1)
    assert Training(tmp_path).run(data, make_config("auto")).plan.data == "device"


def test_no_more_than_one_block_is_read_ahead(data: FedData, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(reading_ahead, "BLOCK_BYTES", 1)
    read: list[list[int]] = []
    take = reading_ahead.take_samples

    def note(samples, rows):
        read.append(rows.reshape(-1).tolist())
        return take(samples, rows)

    monkeypatch.setattr(reading_ahead, "take_samples", note)
    fit = make_config(shuffle=False, validation_split=0).fit
    samples, _ = split_data(data, fit)
    ahead = reading_ahead.ReadAhead(samples, SampleOrder(SAMPLES, fit))
    ahead.find(10)
    ahead.find(0)
    ahead.close()
    # After the last batch of a pass comes the first one; what was not begun when it closed is never read.
    assert [rows[0] for rows in read] in ([100, 0], [100, 0, 10])
    assert len(read[0]) == 3


def test_validation_samples_of_streamed_files_are_streamed_too(data: FedData):
    _, validation = split_data(data, make_config().fit)
    assert validation is not None
    assert [Planner.for_validation(Plan("graph", place), validation).data for place in ("device", "stream")] == [
        "device",
        "stream",
    ]
