"""The plan `fit` on data in files: Keras's own loop gets the batches that it would have made of arrays."""

from pathlib import Path

import keras
import numpy as np
import pytest

from engine.errors import EngineError
from engine.training import data_place, reading_ahead
from engine.training.feeding import FedData
from engine.training.split_rows import Rows, SplitRows
from tests.engine.training.test_streaming import Training, data, list_readers, make_config, make_model

__all__ = ["data"]


@pytest.fixture(autouse=True)
def small_memory(monkeypatch):
    """Nothing that lies in files is copied into memory, and blocks are a few batches."""
    monkeypatch.setattr(data_place, "MOST_FROM_FILES", 0)
    monkeypatch.setattr(reading_ahead, "BLOCK_BYTES", 2_500)


def fit_plainly(data: FedData, rows: Rows | slice = slice(None), **settings) -> dict[str, list[float]]:
    model = make_model()
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    keras.utils.set_random_seed(7)
    inputs, target = [np.array(one)[rows] for one in data.inputs], np.array(data.targets[0])[rows]
    history: dict[str, list[float]] = model.fit(inputs, target, batch_size=10, epochs=3, verbose=0, **settings).history
    return history


def train(folder: Path, data: FedData, **fit) -> Training:
    training = Training(folder)
    keras.utils.set_random_seed(7)
    return training.run(data, make_config("fit", **fit))


@pytest.mark.filterwarnings("ignore:Your input ran out of data")
@pytest.mark.parametrize("settings", [{}, {"steps_per_epoch": 4}, {"shuffle": False}, {"class_weight": {0: 2, 1: 1}}])
def test_a_stream_is_what_fit_makes_of_arrays(data, tmp_path, settings):
    ours = train(tmp_path, data, **settings)
    expected = fit_plainly(data, validation_split=0.2, validation_batch_size=7, **settings)
    assert ours.history.keys() == expected.keys()
    for name, values in expected.items():
        assert ours.history[name] == pytest.approx(values, rel=1e-5), name
    assert (ours.plan.mode, ours.plan.data) == ("fit", "stream")
    assert "larger ones are read ahead" in str(ours.plan.data_reason)
    assert list_readers() == []


def test_mixed_rows_of_a_split_are_streamed_and_not_copied(data, tmp_path, monkeypatch):
    def refuse(self, rows):
        raise AssertionError("the side of a split was copied")

    rows = np.random.default_rng(0).permutation(data.samples)
    split = SplitRows(np.sort(rows[:80]), np.sort(rows[80:]))
    divided = FedData(data.inputs, data.targets, data.target_names, splits=(split,))
    with monkeypatch.context() as patched:
        patched.setattr(FedData, "take", refuse)
        ours = train(tmp_path, divided, validation_split=0.0)
    held = [np.array(one)[split.validation] for one in (*data.inputs, data.targets[0])]
    expected = fit_plainly(data, split.training, validation_data=(held[:2], held[2]), validation_batch_size=7)
    for name, values in expected.items():
        assert ours.history[name] == pytest.approx(values, rel=1e-5), name


def test_small_data_is_given_as_arrays(data, tmp_path, monkeypatch):
    monkeypatch.setattr(data_place, "MOST_FROM_FILES", 1 << 30)
    assert train(tmp_path, data).plan.data_reason is None


def test_a_file_that_cannot_be_read_any_more_ends_the_training_with_its_name(data, tmp_path):
    class Cutter(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            with (tmp_path / "1.npy").open("rb+") as file:
                file.truncate(300)

    with pytest.raises(EngineError, match=r"The file 1\.npy of the data set was changed"):
        Training(tmp_path / "run").run(data, make_config("fit"), callbacks=[Cutter()])
    assert list_readers() == []
