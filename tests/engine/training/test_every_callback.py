"""Every callback of Keras can be used in a run's config, or its refusal says why."""

from pathlib import Path

import keras
import pytest

from engine.errors import ConfigError
from engine.layers.discover import discover_classes
from engine.layers.safety import REFUSED_CALLBACKS
from engine.training.callbacks import make_callbacks
from engine.training.config import KerasObject
from engine.training.events import StatusEvent
from engine.training.monitor_addresses import allow_remote_monitors
from tests.engine.training.monitor_server import serve_monitor
from tests.engine.training.parity.feature import GRAPH, Feature, name_plan, train_with_us
from tests.engine.training.parity.small_models import CLASSES, FEATURES, make_classifier

CONFIGS = {
    "BackupAndRestore": {"backup_dir": "backup"},
    "CSVLogger": {"filename": "history.csv"},
    "EarlyStopping": {"patience": 10},
    "History": {},
    "LearningRateScheduler": {"schedule": "lr * 0.5"},
    "ModelCheckpoint": {"filepath": "{epoch}.keras"},
    "ProgbarLogger": {},
    "ReduceLROnPlateau": {},
    "RemoteMonitor": {},
    "SwapEMAWeights": {},
    "TensorBoard": {"log_dir": "tb"},
    "TerminateOnNaN": {},
}


def list_names():
    # `Callback` itself does nothing.
    return [name for name in discover_classes("callbacks") if name not in REFUSED_CALLBACKS and name != "Callback"]


def test_all_of_them_are_tried_here():
    assert sorted(list_names()) == sorted(CONFIGS)


@pytest.mark.parametrize("plan", [GRAPH, "fit"], ids=name_plan)
def test_all_of_them_train_together(plan, tmp_path):
    compile_settings = {
        "loss": "sparse_categorical_crossentropy",
        "optimizer": {"class_name": "SGD", "config": {"use_ema": True}},
    }
    feature = Feature("all", make_classifier, FEATURES, CLASSES, compile_settings, {"validation_split": 0.3})
    with serve_monitor() as monitor:
        allow_remote_monitors([monitor.address])
        configs = CONFIGS | {"RemoteMonitor": {"root": monitor.address}}
        named = [{"class_name": name, "config": config} for name, config in configs.items()]
        training = train_with_us(feature, plan, tmp_path, named=named)
    allow_remote_monitors([])
    assert training.history.epoch == [0, 1]
    assert [event.status for event in training.events if isinstance(event, StatusEvent)][-1] == "finished"
    assert [message["epoch"] for one in monitor.received if isinstance(message := one.message, dict)] == [0, 1]
    written = {path.relative_to(tmp_path / "callbacks").parts[0] for path in (tmp_path / "callbacks").rglob("*.*")}
    assert written >= {"history.csv", "1.keras", "2.keras", "tb"}


def test_a_progress_logger_of_the_config_prints_as_that_of_fit(tmp_path, capsys):
    feature = Feature("line", make_classifier, FEATURES, CLASSES, {"loss": "sparse_categorical_crossentropy"})
    train_with_us(feature, GRAPH, tmp_path, named=[{"class_name": "ProgbarLogger"}], verbose=2)
    assert capsys.readouterr().out.count("loss") == 2


@pytest.mark.parametrize("name", sorted(REFUSED_CALLBACKS))
def test_what_is_refused_is_refused_with_a_reason(name, tmp_path: Path):
    with pytest.raises(ConfigError, match=f"{name} cannot be used: it ") as refused:
        make_callbacks([KerasObject(class_name=name)], tmp_path)
    assert [(issue.code, issue.argument) for issue in refused.value.issues] == [("refused_class", "callbacks.0")]
    assert hasattr(keras.callbacks, name)


def test_a_path_that_is_no_text_is_refused_and_not_taken_for_one(tmp_path):
    with pytest.raises(ConfigError, match=r"filename of CSVLogger: expected a text; received None\."):
        make_callbacks([KerasObject(class_name="CSVLogger", config={"filename": None})], tmp_path)


@pytest.mark.parametrize(
    ("first", "second", "argument"),
    [
        (("CSVLogger", "filename", "a.csv"), ("CSVLogger", "filename", "a.csv"), "filename"),
        (("CSVLogger", "filename", "logs"), ("TensorBoard", "log_dir", "logs"), "log_dir"),
        (("TensorBoard", "log_dir", "logs/tb"), ("CSVLogger", "filename", "logs"), "filename"),
        (("CSVLogger", "filename", "a"), ("ModelCheckpoint", "filepath", "a/./b.keras"), "filepath"),
    ],
)
def test_no_callback_writes_over_what_another_one_writes(first, second, argument, tmp_path):
    wanted = [KerasObject(class_name=name, config={key: value}) for name, key, value in (first, second)]
    with pytest.raises(ConfigError, match=f"{second[0]} writes to .*, and so does {first[0]}") as refused:
        make_callbacks(wanted, tmp_path)
    assert [(issue.code, issue.argument) for issue in refused.value.issues] == [
        ("same_file", f"callbacks.1.{argument}")
    ]


def test_callbacks_may_write_into_one_folder(tmp_path):
    paths = [
        ("CSVLogger", "filename", "a/x.csv"),
        ("CSVLogger", "filename", "a/y.csv"),
        ("TensorBoard", "log_dir", "a"),
    ]
    wanted = [KerasObject(class_name=name, config={key: value}) for name, key, value in paths]
    assert len(make_callbacks(wanted, tmp_path)) == 3
