"""TensorBoard in a run's config: the curves of plain `fit`, in the run's folder, also where a run goes on elsewhere."""

import shutil
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from engine.errors import ConfigError
from engine.training.callbacks import make_callbacks
from engine.training.config import KerasObject
from engine.training.event_files import list_event_files, read_records, rewind_event_file
from engine.training.events import CheckpointEvent, Event
from engine.training.feeding import FedData
from engine.training.loop import fit_model
from engine.training.reporting import Reporter
from engine.training.state import CallbackMemory
from tests.engine.training.command_sources import Script
from tests.engine.training.parity.feature import GRAPH, Feature, begin, fit_with_keras, train_with_us
from tests.engine.training.parity.small_models import CLASSES, FEATURES, make_classifier

CLASSIFY = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
Curves = dict[tuple[str, str], list[tuple[int, float]]]


def classify(**fit) -> Feature:
    return Feature("classify", make_classifier, FEATURES, CLASSES, CLASSIFY, {"validation_split": 0.3, **fit})


def tensorboard(**config):
    return {"class_name": "TensorBoard", "config": config}


def read_curves(folder: Path) -> Curves:
    """Steps and values of every curve as TensorBoard shows them, by folder and tag."""
    curves: Curves = {}
    for part in ("train", "validation"):
        shown = EventAccumulator(str(folder / part), size_guidance={"tensors": 0}).Reload()
        for tag in shown.Tags()["tensors"]:
            events = shown.Tensors(tag)
            values = [tf.make_ndarray(one.tensor_proto) for one in events]
            if values[0].dtype != object and values[0].size == 1:
                curves[part, tag] = [(one.step, float(value)) for one, value in zip(events, values, strict=True)]
    return curves


def list_tags(folder: Path) -> set[tuple[str, str, int]]:
    """Folder, tag and step of everything in the files."""
    return {
        (path.parent.name, value.tag, event.step)
        for path in list_event_files(folder)
        for event in map(tf.compat.v1.Event.FromString, read_records(path))
        for value in event.summary.value
    }


def compare_curves(theirs: Curves, ours: Curves) -> None:
    assert ours.keys() == theirs.keys()
    for name, points in theirs.items():
        assert [step for step, _ in ours[name]] == [step for step, _ in points], name
        if not name[1].endswith("steps_per_second"):
            np.testing.assert_allclose(ours[name], points, rtol=1e-5, atol=1e-5, err_msg=str(name))


@pytest.mark.parametrize(("plan", "update_freq"), [("auto", "epoch"), (GRAPH, "batch"), ("fit", 2)])
def test_the_curves_are_those_of_fit(plan, update_freq, tmp_path):
    fit_with_keras(classify(), [keras.callbacks.TensorBoard(tmp_path / "theirs", update_freq=update_freq)])
    train_with_us(classify(), plan, tmp_path, named=[tensorboard(log_dir="tb", update_freq=update_freq)])
    theirs, ours = read_curves(tmp_path / "theirs"), read_curves(tmp_path / "callbacks" / "tb")
    compare_curves(theirs, ours)
    # Keras records what is of epochs by the number of the batch, too.
    assert [step for step, _ in ours["train", "epoch_loss"]] == ([1] if update_freq == 2 else [0, 1])
    assert (("train", "batch_loss") in ours) == (update_freq != "epoch")


def test_histograms_images_graph_speed_and_profile_are_those_of_fit(tmp_path):
    config = {
        "histogram_freq": 1,
        "write_images": True,
        "write_steps_per_second": True,
        "update_freq": "batch",
        "profile_batch": [2, 3],
    }
    fit_with_keras(classify(), [keras.callbacks.TensorBoard(tmp_path / "theirs", **config)])
    train_with_us(classify(), GRAPH, tmp_path, named=[tensorboard(log_dir="tb", **config)])
    ours = tmp_path / "callbacks" / "tb"
    compare_curves(read_curves(tmp_path / "theirs"), read_curves(ours))
    tags = list_tags(ours)
    assert tags == list_tags(tmp_path / "theirs")
    assert {"keras", "batch_3", "sequential/hidden/kernel/histogram", "sequential/hidden/bias/image"} <= {
        tag for _, tag, _ in tags
    }
    assert list(ours.glob("train/plugins/profile/*/*.xplane.pb"))


def test_embeddings_are_saved_beside_a_config_that_names_their_labels(tmp_path):
    def make():
        layers = [keras.Input((3,)), keras.layers.Embedding(7, 2, name="words"), keras.layers.Flatten()]
        return keras.Sequential([*layers, keras.layers.Dense(1)])

    feature = Feature("words", make, np.arange(24).reshape(8, 3) % 7, np.ones((8, 1)))
    named = tensorboard(log_dir="a/b", embeddings_freq=1, embeddings_metadata={"words": "words.tsv"}, write_graph=False)
    train_with_us(feature, GRAPH, tmp_path, named=[named])
    folder = tmp_path / "callbacks" / "a" / "b"
    assert 'metadata_path: "words.tsv"' in (folder / "projector_config.pbtxt").read_text()
    assert sorted(path.name for path in folder.glob("train/*.h5")) == [
        f"keras_embedding.ckpt-{epoch}.weights.h5" for epoch in range(2)
    ]
    assert named["config"]["embeddings_metadata"] == {"words": "words.tsv"}


def test_without_a_name_the_files_are_inside_the_run_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    train_with_us(classify(), GRAPH, tmp_path / "run", named=[{"class_name": "TensorBoard"}])
    assert (tmp_path / "run" / "callbacks" / "logs" / "train").is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("kind", ["left", "killed"])
def test_a_run_that_goes_on_has_every_step_once(kind, tmp_path):
    feature = classify(epochs=4)
    config = feature.make_config({"mode": "graph", "steps_per_chunk": 2})
    wanted = [KerasObject.model_validate(tensorboard(log_dir="tb", update_freq="batch"))]
    config = config.model_copy(update={"callbacks": wanted})
    data = FedData([FEATURES], [CLASSES], ["y"])

    def train(name: str, leaves_after: int, resume: Path | None = None) -> tuple[Path, Path]:
        events: list[Event] = []
        with begin(feature) as model:
            leaving = Script(leaves=lambda: int(model.optimizer.iterations) >= leaves_after)
            fit_model(model, data, config, tmp_path / name, Reporter(events.append), commands=leaving, resume=resume)
        path = [event for event in events if isinstance(event, CheckpointEvent)][-1].path
        return tmp_path / name / path, tmp_path / name / "callbacks" / "tb"

    _, whole = train("whole", 1000)
    checkpoint, folder = train("first", 7)
    if kind == "killed":
        # What a worker wrote after its last checkpoint is trained again.
        later, _ = train("second", 11, resume=checkpoint)
        shutil.copytree(later.parent.parent / "callbacks", checkpoint.parent.parent / "callbacks", dirs_exist_ok=True)
        newest = max(list_event_files(folder / "train"), key=lambda path: path.name)
        newest.write_bytes(newest.read_bytes()[:-5])
    _, continued = train("last", 1000, resume=checkpoint)
    compare_curves(read_curves(whole), read_curves(continued))


def test_what_a_checkpoint_counts_on_is_on_disk_before_it(tmp_path):
    class LookAtDisk(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            CallbackMemory([board]).take()
            seen.append({(tag, step) for _, tag, step in list_tags(tmp_path) if tag == "epoch_loss"})

    board, seen = keras.callbacks.TensorBoard(tmp_path), list[set[tuple[str, int]]]()
    fit_with_keras(classify(), [board, LookAtDisk()])
    assert seen == [{("epoch_loss", 0)}, {("epoch_loss", 0), ("epoch_loss", 1)}]


def test_what_was_written_later_and_a_torn_end_are_taken_out(tmp_path):
    path = tmp_path / "events.out.tfevents.1"
    with tf.io.TFRecordWriter(str(path)) as writer:
        for time in (1.0, 2.0, 3.0):
            writer.write(tf.compat.v1.Event(wall_time=time, step=int(time)).SerializeToString())
    whole = path.read_bytes()
    rewind_event_file(path, 3.0)
    assert path.read_bytes() == whole
    path.write_bytes(whole[:-2])
    rewind_event_file(path, 3.0)
    assert path.read_bytes() == whole[: len(whole) * 2 // 3]
    rewind_event_file(path, 1.5)
    assert [tf.compat.v1.Event.FromString(one).step for one in read_records(path)] == [1]
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("config", "code", "where"),
    [
        ({"log_dir": "/tmp/tb"}, "refused_path", "callbacks.0.log_dir"),
        ({"log_dir": "../tb"}, "refused_path", "callbacks.0.log_dir"),
        ({"log_dir": "gs://bucket/tb"}, "refused_path", "callbacks.0.log_dir"),
        ({"log_dir": ""}, "refused_path", "callbacks.0.log_dir"),
        ({"log_dir": "a" * 300}, "refused_path", "callbacks.0.log_dir"),
        ({"log_dir": None}, "invalid_argument", "callbacks.0.log_dir"),
        ({"log_dir": 3}, "invalid_argument", "callbacks.0.log_dir"),
        ({"log_dirs": "tb"}, "unknown_argument", "callbacks.0.log_dirs"),
        ({"histogram_freq": "often"}, "invalid_argument", "callbacks.0.histogram_freq"),
        ({"profile_batch": [3, 2]}, "invalid_argument", "callbacks.0"),
        ({"embeddings_metadata": "/etc/passwd"}, "refused_path", "callbacks.0.embeddings_metadata"),
        ({"embeddings_metadata": {"words": "../x"}}, "refused_path", "callbacks.0.embeddings_metadata.words"),
    ],
)
def test_bad_settings_are_refused_by_name(config, code, where, tmp_path):
    with pytest.raises(ConfigError) as refused:
        make_callbacks([KerasObject.model_validate(tensorboard(**config))], tmp_path)
    assert [(issue.code, issue.argument) for issue in refused.value.issues] == [(code, where)]
