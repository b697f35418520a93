"""Metrics that say nothing about an output are explained, and each fix that is offered mends it."""

import pytest

from engine.models.check import GraphChecker
from engine.training.compiling import check_compile
from tests.engine.training.mending import find_issue, mend

SPARSE = "sparse_categorical_crossentropy"


@pytest.fixture(scope="module")
def checker():
    return GraphChecker()


def make_object(class_name, **config):
    return {"class_name": class_name, "config": config}


@pytest.mark.parametrize(
    ("metrics", "code", "argument", "labels"),
    [
        (["AUC"], "invalid_metrics", "metrics.0", ["Take accuracy instead", "Take the metric out"]),
        (["accuracy", "Precision"], "invalid_metrics", "metrics.1", ["Take the metric out"]),
        (["Recall"], "invalid_metrics", "metrics.0", ["Take accuracy instead", "Take the metric out"]),
        (["Mean"], "invalid_metrics", "metrics.0", ["Take accuracy instead", "Take the metric out"]),
        (["R2Score"], "invalid_metrics", "metrics.0", ["Take accuracy instead", "Take the metric out"]),
        (["CategoricalAccuracy"], "metric_does_not_fit", "metrics.0", ["Take accuracy instead", "Take the metric out"]),
    ],
)
def test_a_metric_that_does_not_fit_labels_is_mended(
    metrics, code, argument, labels, checker, make_graph, make_config, tmp_path
):
    config = make_config(compile={"loss": SPARSE, "metrics": metrics})
    issue, offered = mend(checker, make_graph(), config, code, tmp_path)
    assert (issue.argument, offered) == (f"compile.{argument}", labels)


@pytest.mark.parametrize("metric", ["accuracy", "Accuracy", "BinaryAccuracy"])
def test_accuracy_of_a_measured_number_is_explained(metric, checker, make_graph, make_config, tmp_path):
    config = make_config(compile={"loss": "mse", "metrics": [metric]}, data={"dataset": "diabetes"})
    issue, labels = mend(checker, make_graph((10,), 1, None), config, "metric_does_not_fit", tmp_path)
    assert (issue.severity, labels) == ("warning", ["Take mean_absolute_error instead", "Take the metric out"])
    assert "numbers from 25 to 346" in (issue.hint or "")


def test_weighted_metrics_are_looked_at_too(checker, make_graph, make_config):
    config = make_config(compile={"loss": SPARSE, "weighted_metrics": ["accuracy", "AUC"]})
    issue = find_issue(check_compile(checker, make_graph(), config), "invalid_weighted_metrics")
    assert issue.argument == "compile.weighted_metrics.1"


@pytest.mark.parametrize(
    ("dataset", "shape", "units", "activation", "loss", "metrics"),
    [
        (
            "digits",
            (8, 8, 1),
            10,
            "softmax",
            SPARSE,
            [
                "accuracy",
                "acc",
                "SparseTopKCategoricalAccuracy",
                "sparse_categorical_crossentropy",
                make_object("SparseCategoricalAccuracy", name="again"),
                make_object("MeanIoU", num_classes=10, sparse_y_pred=False),
            ],
        ),
        (
            "breast_cancer",
            (30,),
            1,
            "sigmoid",
            "binary_crossentropy",
            [
                "accuracy",
                "AUC",
                "Precision",
                "Recall",
                "BinaryIoU",
                "TruePositives",
                make_object("PrecisionAtRecall", recall=0.5),
                make_object("SensitivityAtSpecificity", specificity=0.5),
            ],
        ),
        (
            "diabetes",
            (10,),
            1,
            None,
            "mse",
            ["mae", "RootMeanSquaredError", "mean_absolute_percentage_error", "LogCoshError", "PearsonCorrelation"],
        ),
    ],
)
def test_metrics_that_fit_pass(dataset, shape, units, activation, loss, metrics, checker, make_graph, make_config):
    config = make_config(compile={"loss": loss, "metrics": metrics}, data={"dataset": dataset})
    result = check_compile(checker, make_graph(shape, units, activation), config)
    assert [issue.message for issue in result.issues] == []


def test_a_metric_is_looked_at_although_the_loss_is_wrong_and_each_is_mended_alone(checker, make_graph, make_config):
    config = make_config(compile={"loss": "binary_crossentropy", "metrics": ["AUC"]})
    issues = check_compile(checker, make_graph(), config).issues
    assert [(issue.code, bool(issue.fixes)) for issue in issues] == [
        ("loss_does_not_fit", True),
        ("invalid_metrics", True),
    ]
