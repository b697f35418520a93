"""What is said about a graph and a config before anything is trained."""

import keras
import pytest
from pydantic import JsonValue

from engine.graph.document import Graph
from engine.models.check import GraphChecker
from engine.training.compiling import check_compile

SPARSE = "sparse_categorical_crossentropy"
SYSTEM_CALL: JsonValue = {"class_name": "function", "module": "os", "config": "system"}


@pytest.fixture(scope="module")
def checker():
    return GraphChecker()


TEN = f"usual is {SPARSE} with 10 units (softmax)"


def make_object(class_name: str, **config: JsonValue) -> JsonValue:
    return {"class_name": class_name, "config": config}


def list_faults(result):
    return [(issue.code, issue.argument, issue.node) for issue in result.issues]


def test_a_fitting_config_answers_what_will_be_trained(checker, make_graph, make_config):
    result = check_compile(checker, make_graph(), make_config())
    assert (result.ok, result.issues) == (True, [])
    assert (result.samples, result.validation_samples, result.steps_per_epoch, result.epochs) == (1437, 360, 23, 2)
    assert result.metrics_names == ["loss", "accuracy"]
    assert result.check.parameters == 64 * 16 + 16 + 16 * 10 + 10
    assert result.summary is not None
    assert "answer (Dense)" in result.summary
    assert "Total params: 1,210" in result.summary


def test_the_logs_that_are_promised_are_those_that_keras_gives(checker, make_graph, make_config, tmp_path):
    from engine.training.loop import train

    compile_settings = {"loss": SPARSE, "metrics": ["accuracy", {"class_name": "SparseTopKCategoricalAccuracy"}]}
    config = make_config(compile=compile_settings, fit={"epochs": 1, "batch_size": 512})
    promised = check_compile(checker, make_graph(), config).metrics_names
    assert sorted(promised) == sorted(train(make_graph(), config, tmp_path).history)


def test_no_weights_are_allocated_by_a_check(checker, make_config):
    wide = {"units": 10_000, "activation": "softmax"}
    graph = Graph.model_validate(
        {
            "layers": [
                {"id": "x", "class_name": "InputLayer", "config": {"batch_shape": [None, 4]}},
                {"id": "wide", "class_name": "Dense", "config": wide},
                {"id": "wider", "class_name": "Dense", "config": {"units": 900_000}},
                {"id": "y", "class_name": "Dense", "config": {"units": 3, "activation": "softmax"}},
            ],
            "nodes": [{"id": name, "layer": name} for name in ("x", "wide", "wider", "y")],
            "edges": [
                {"id": "a", "source": "x", "target": "wide"},
                {"id": "b", "source": "wide", "target": "wider"},
                {"id": "c", "source": "wider", "target": "y"},
            ],
        }
    )
    result = check_compile(checker, graph, make_config(data={"dataset": "iris"}))
    assert (result.ok, result.check.parameters > 9 * 10**9) == (True, True)


def test_a_graph_with_issues_is_not_compiled_and_keeps_them(checker, make_config):
    result = check_compile(checker, Graph(), make_config())
    assert (result.ok, [issue.code for issue in result.issues], result.summary) == (False, ["no_input"], None)


@pytest.mark.parametrize(
    ("units", "loss", "hint"),
    [
        (5, SPARSE, TEN),
        (1, SPARSE, TEN),
        (10, "categorical_crossentropy", TEN),
        (10, "mse", TEN),
        (4, "mse", TEN),
        (10, "crossentropy_of_nothing", None),
        (10, "binary_crossentropy", TEN),
        (1, "binary_crossentropy", TEN),
        (1, {"class_name": "BinaryCrossentropy"}, TEN),
        (10, {"class_name": "Huber"}, TEN),
    ],
)
def test_a_loss_that_does_not_fit_labels_is_refused(units, loss, hint, checker, make_graph, make_config):
    result = check_compile(checker, make_graph(units=units), make_config(compile={"loss": loss}))
    assert not result.ok
    (issue,) = result.issues
    assert issue.argument == "compile.loss"
    if hint is None:
        assert issue.code == "unknown_loss"
    else:
        assert (issue.code, issue.node) == ("loss_does_not_fit", "node_answer")
        assert hint in (issue.hint or "")
        assert f"(None, {units})" in issue.message
        assert issue.fixes


@pytest.mark.parametrize(
    ("dataset", "shape", "units", "activation", "loss"),
    [
        ("digits", (8, 8, 1), 10, "softmax", "crossentropy"),
        ("digits", (8, 8), 10, "softmax", SPARSE),
        ("digits", (8, 8, 1), 12, None, make_object("SparseCategoricalCrossentropy", from_logits=True)),
        ("breast_cancer", (30,), 1, "sigmoid", "binary_crossentropy"),
        ("breast_cancer", (30,), 1, "hard_sigmoid", {"class_name": "BinaryFocalCrossentropy"}),
        ("breast_cancer", (30,), 1, None, make_object("BinaryCrossentropy", from_logits=True)),
        ("breast_cancer", (30,), 2, "softmax", SPARSE),
        ("breast_cancer", (30,), 1, "tanh", "hinge"),
        ("diabetes", (10,), 1, None, "mse"),
        ("diabetes", (10,), 1, "relu", "mse"),
        ("diabetes", (10,), 1, "linear", {"class_name": "Huber", "config": {"delta": 2.0}}),
        ("diabetes", (10,), 1, "softplus", "poisson"),
        ("diabetes", (10,), 1, None, "logcosh" if hasattr(keras.losses, "logcosh") else "log_cosh"),
    ],
)
def test_a_loss_that_fits_passes(dataset, shape, units, activation, loss, checker, make_graph, make_config):
    config = make_config(compile={"loss": loss}, data={"dataset": dataset})
    assert check_compile(checker, make_graph(shape, units, activation), config).issues == []


@pytest.mark.parametrize("loss", [SPARSE, "binary_crossentropy", "categorical_crossentropy"])
def test_a_loss_for_classes_is_refused_for_a_measured_number(loss, checker, make_graph, make_config):
    config = make_config(compile={"loss": loss}, data={"dataset": "diabetes"})
    (issue,) = check_compile(checker, make_graph((10,), 1), config).issues
    assert (issue.code, issue.argument, issue.node) == ("loss_does_not_fit", "compile.loss", "node_answer")
    assert "mean_squared_error" in (issue.hint or "")


@pytest.mark.parametrize(
    ("compile_settings", "code", "argument"),
    [
        ({"optimizer": "adamm"}, "unknown_optimizer", "optimizer"),
        ({"optimizer": make_object("Adam", learning_rte=1)}, "unknown_argument", "optimizer.learning_rte"),
        ({"optimizer": make_object("Adam", learning_rate="fast")}, "invalid_argument", "optimizer.learning_rate"),
        ({"optimizer": make_object("SGD", momentum=2)}, "invalid_argument", "optimizer.momentum"),
        (
            {"optimizer": make_object("Adam", learning_rate={"class_name": "Lambda"})},
            "refused_class",
            "optimizer.learning_rate",
        ),
        ({"optimizer": make_object("Adam", clipnorm="much")}, "invalid_optimizer", "optimizer"),
        ({"metrics": ["acuracy"]}, "unknown_metric", "metrics.0"),
        ({"metrics": ["accuracy", {"class_name": "MeanIoU"}]}, "missing_argument", "metrics.1.num_classes"),
        ({"metrics": ["accuracy", "AUC"]}, "invalid_metrics", "metrics.1"),
        ({"metrics": [make_object("MeanMetricWrapper", fn=SYSTEM_CALL)]}, "refused_class", "metrics.0"),
        ({"metrics": [make_object("AUC", name=SYSTEM_CALL)]}, "refused_function", "metrics.0.name"),
        ({"loss_weights": [1, 2]}, "invalid_loss_weights", "loss_weights"),
        ({"loss": [SPARSE, SPARSE]}, "wrong_number_of_losses", "loss"),
        ({"loss": make_object("Lambda", function="x")}, "unknown_loss", "loss"),
    ],
)
def test_a_wrong_setting_is_named(compile_settings, code, argument, checker, make_graph, make_config):
    result = check_compile(checker, make_graph(), make_config(compile={"loss": SPARSE, **compile_settings}))
    assert (result.ok, list_faults(result)) == (False, [(code, f"compile.{argument}", None)])


def test_all_wrong_settings_are_named_at_once(checker, make_graph, make_config):
    config = make_config(
        compile={"optimizer": "adamm", "loss": "entropie", "metrics": ["acuracy"]},
        data={"dataset": "digitz"},
        callbacks=[{"class_name": "EarlyStoping"}],
    )
    result = check_compile(checker, make_graph(), config)
    assert [issue.argument for issue in result.issues] == [
        "compile.optimizer", "compile.loss", "compile.metrics.0", "data.dataset", "callbacks.0",
    ]  # fmt: skip
    assert [issue.hint for issue in result.issues if issue.argument in ("data.dataset", "callbacks.0")] == [
        "Did you mean 'digits'?",
        "Did you mean 'EarlyStopping'?",
    ]


def test_an_input_of_another_shape_than_the_data_is_refused_at_its_node(checker, make_graph, make_config):
    (issue,) = check_compile(checker, make_graph((64,)), make_config()).issues
    assert (issue.code, issue.argument, issue.node) == ("input_does_not_fit", "data.inputs.features", "node_features")
    assert "[64]" in issue.message
    assert "[8, 8, 1]" in issue.message
    assert "Flatten" in (issue.hint or "")


@pytest.mark.parametrize(
    ("fit", "code", "argument", "severity"),
    [
        ({"validation_split": 0.9999}, "empty_split", "fit.validation_split", "error"),
        ({"epochs": 2, "initial_epoch": 2}, "no_epoch", "fit.initial_epoch", "error"),
        ({"class_weight": {"1": -2}}, "invalid_argument", "fit.class_weight.1", "error"),
        ({"batch_size": 5000}, "batch_larger_than_data", "fit.batch_size", "warning"),
        ({"steps_per_epoch": 1000}, "more_steps_than_batches", "fit.steps_per_epoch", "warning"),
    ],
)
def test_settings_of_fit_are_looked_at(fit, code, argument, severity, checker, make_graph, make_config):
    result = check_compile(checker, make_graph(), make_config(fit=fit))
    (issue,) = result.issues
    assert (issue.code, issue.argument, issue.severity) == (code, argument, severity)
    assert result.ok == (severity == "warning")


@pytest.mark.parametrize(
    ("callback", "code", "argument"),
    [
        (make_object("EarlyStopping"), "unknown_monitor", ".monitor"),
        (make_object("ReduceLROnPlateau", monitor="acc"), "unknown_monitor", ".monitor"),
        (make_object("EarlyStopping", patience="x"), "invalid_argument", ".patience"),
        (make_object("LambdaCallback"), "refused_class", ""),
        (make_object("CSVLogger", filename="../../x.csv"), "refused_path", ".filename"),
        (make_object("CSVLogger", filename="/etc/x.csv"), "refused_path", ".filename"),
        (make_object("ModelCheckpoint", filepath="{epoch.__class__}.keras"), "refused_path", ".filepath"),
        (make_object("ModelCheckpoint", filepath="{epoch:999999999d}.keras"), "refused_path", ".filepath"),
        (make_object("ModelCheckpoint", filepath="model.txt"), "invalid_argument", ".filepath"),
    ],
)
def test_a_callback_that_cannot_work_is_refused(callback, code, argument, checker, make_graph, make_config):
    config = make_config(fit={"epochs": 1}, callbacks=[callback])
    result = check_compile(checker, make_graph(), config)
    assert (result.ok, list_faults(result)) == (False, [(code, f"callbacks.0{argument}", None)])


def test_a_monitor_of_validation_is_explained(checker, make_graph, make_config):
    config = make_config(fit={"epochs": 1}, callbacks=[{"class_name": "EarlyStopping"}])
    (issue,) = check_compile(checker, make_graph(), config).issues
    assert issue.hint == "Set a validation split, or watch 'loss'."


def test_a_model_with_nothing_to_train_is_only_warned_of(checker, make_graph, make_config):
    graph = make_graph().model_copy(deep=True)
    for layer in graph.layers:
        layer.trainable = False
    result = check_compile(checker, graph, make_config())
    assert (result.ok, [issue.code for issue in result.issues]) == (True, ["nothing_to_train"])


def make_two_headed_graph() -> Graph:
    return Graph.model_validate(
        {
            "layers": [
                {"id": "x", "class_name": "InputLayer", "config": {"batch_shape": [None, 4]}},
                {"id": "species", "class_name": "Dense", "config": {"units": 3, "activation": "softmax"}},
                {"id": "again", "class_name": "Dense", "config": {"units": 4}},
            ],
            "nodes": [{"id": f"n_{name}", "layer": name} for name in ("x", "species", "again")],
            "edges": [
                {"id": "a", "source": "n_x", "target": "n_species"},
                {"id": "b", "source": "n_x", "target": "n_again"},
            ],
        }
    )


def test_two_outputs_want_two_targets(checker, make_config):
    config = make_config(compile={"loss": SPARSE}, data={"dataset": "iris"})
    (issue,) = check_compile(checker, make_two_headed_graph(), config).issues
    assert (issue.code, issue.argument) == ("wrong_number_of_outputs", "data.targets")


def test_two_outputs_with_a_target_and_a_loss_each_pass_and_name_their_logs(checker, make_config):
    config = make_config(
        compile={"loss": {"species": SPARSE, "again": "mse"}, "metrics": {"species": ["accuracy"]}},
        data={"dataset": "iris", "targets": {"species": "species", "again": "features"}},
    )
    result = check_compile(checker, make_two_headed_graph(), config)
    assert result.issues == []
    assert sorted(result.metrics_names) == ["again_loss", "loss", "species_accuracy", "species_loss"]


def test_the_output_whose_loss_does_not_fit_is_the_one_that_is_named(checker, make_config):
    config = make_config(
        compile={"loss": {"species": SPARSE, "again": SPARSE}},
        data={"dataset": "iris", "targets": {"species": "species", "again": "features"}},
    )
    (issue,) = check_compile(checker, make_two_headed_graph(), config).issues
    assert (issue.code, issue.argument, issue.node) == ("loss_does_not_fit", "compile.loss.again", "n_again")


def test_arrays_and_ends_that_do_not_exist_are_named(checker, make_config):
    config = make_config(
        compile={"loss": SPARSE},
        data={"dataset": "iris", "inputs": {"y": "features"}, "targets": {"species": "specis", "again": "features"}},
    )
    result = check_compile(checker, make_two_headed_graph(), config)
    assert [(issue.code, issue.argument) for issue in result.issues] == [
        ("unknown_input", "data.inputs.y"),
        ("missing_input", "data.inputs.x"),
        ("unknown_array", "data.targets.species"),
    ]
