"""Every kind of loss and metric, alone and per output, comes out as in `fit`."""

import pytest

from tests.engine.training.parity.feature import GRAPH, STEP, XLA, Feature, compare_with_keras, name_feature, name_plan
from tests.engine.training.parity.small_models import (
    BRANCH_INPUTS,
    BRANCH_TARGETS,
    CLASSES,
    FEATURES,
    NUMBERS,
    ONE_HOT,
    WEIGHTS,
    YES_OR_NO,
    make_branches,
    make_classifier,
    make_line,
    make_yes_or_no,
)

CROSSENTROPY = "sparse_categorical_crossentropy"


# A model may have an output that no loss looks at.
pytestmark = pytest.mark.filterwarnings("ignore:Gradients do not exist for variables")


def metric(class_name, **config):
    return {"class_name": class_name, "config": config}


def per_output(name, loss, sample_weights=None, **compile_settings) -> Feature:
    some = {"epochs": 2, "validation_split": 0.2}
    settings = {"loss": loss, **compile_settings}
    return Feature(name, make_branches, BRANCH_INPUTS, BRANCH_TARGETS, settings, some, sample_weights)


STATEFUL = Feature(
    "metrics_with_a_state",
    make_yes_or_no,
    FEATURES[:16],
    YES_OR_NO[:16],
    {
        "loss": "binary_crossentropy",
        "metrics": [
            "accuracy",
            metric("AUC", num_thresholds=20),
            metric("AUC", curve="PR", num_thresholds=20, name="area_under_precision"),
            metric("Precision"),
            metric("Recall", thresholds=0.4),
            metric("TruePositives"),
            metric("SensitivityAtSpecificity", specificity=0.5, num_thresholds=20),
        ],
    },
    {"validation_split": 0.25},
)

MANY = Feature(
    "metrics_of_classes",
    make_classifier,
    FEATURES[:16],
    ONE_HOT[:16],
    {
        "loss": metric("CategoricalCrossentropy", label_smoothing=0.1),
        "metrics": [
            "accuracy",
            metric("TopKCategoricalAccuracy", k=2),
            metric("F1Score", average="macro", threshold=0.4),
            metric("CosineSimilarity"),
            metric("KLDivergence"),
            metric("AUC", multi_label=True, num_labels=3, num_thresholds=20),
            metric("ExpressionMetric", expression="mean(abs(y_true - y_pred))", name="mean_distance"),
        ],
    },
)

FEATURES_OF_COMPILE = [
    MANY,
    Feature("a_metric_that_answers_an_array", make_classifier, FEATURES[:16], ONE_HOT[:16], {
        "loss": "categorical_crossentropy", "metrics": [metric("F1Score", threshold=0.4)]}, {"validation_split": 0.25}),
    Feature("overlap_of_classes", make_classifier, FEATURES[:16], CLASSES[:16], {
        "loss": CROSSENTROPY, "metrics": [
            metric("MeanIoU", num_classes=3, sparse_y_pred=False),
            metric("SparseTopKCategoricalAccuracy", k=2)]}),
    Feature("metrics_of_numbers", make_line, FEATURES[:16], NUMBERS[:16], {
        "loss": metric("Huber", delta=0.5), "metrics": [
            "mae", metric("RootMeanSquaredError"), metric("R2Score"), metric("MeanSquaredLogarithmicError"),
            metric("PearsonCorrelation")]}),
    Feature("a_formula_as_loss", make_line, FEATURES[:16], NUMBERS[:16], {
        "loss": metric("ExpressionLoss", expression="mean(log(cosh(y_pred - y_true)))")}),
    Feature("weighted_and_plain_metrics", make_yes_or_no, FEATURES, YES_OR_NO, {
        "loss": "binary_crossentropy", "metrics": ["accuracy"],
        "weighted_metrics": ["accuracy", metric("AUC", num_thresholds=20)]}, {"validation_split": 0.3}, WEIGHTS),
    per_output("losses_by_place", ["mse", CROSSENTROPY]),
    per_output("losses_by_name", {"kind": CROSSENTROPY, "number": "mae"}),
    per_output("an_output_without_a_loss", {"kind": CROSSENTROPY, "number": None}),
    per_output("loss_weights_by_place", ["mse", CROSSENTROPY], loss_weights=[0.3, 2.0]),
    per_output("loss_weights_by_name", ["mse", CROSSENTROPY], loss_weights={"number": 0.3, "kind": 2.0}),
    per_output("metrics_by_name", ["mse", CROSSENTROPY], metrics={"number": ["mae"], "kind": "accuracy"}),
    per_output("metrics_by_place", ["mse", CROSSENTROPY], metrics=[["mae", "mse"], ["accuracy"]]),
    per_output("weighted_metrics_by_name", ["mse", CROSSENTROPY], WEIGHTS, weighted_metrics={"kind": ["accuracy"]}),
]  # fmt: skip


@pytest.mark.parametrize("plan", ["auto", GRAPH, XLA, STEP, "fit"], ids=name_plan)
def test_metrics_with_a_state_are_the_same_on_every_plan(plan, tmp_path):
    compare_with_keras(STATEFUL, plan, tmp_path)


@pytest.mark.parametrize("feature", FEATURES_OF_COMPILE, ids=name_feature)
def test_losses_and_metrics_are_those_of_keras(feature, tmp_path):
    compare_with_keras(feature, GRAPH, tmp_path)
