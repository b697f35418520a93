"""Evaluations, compared with plain Keras and scikit-learn on the same file."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from sklearn import metrics as sk

from engine.data.datasets import load_dataset
from engine.errors import EngineError, IssuesError
from engine.evaluation.evaluate import evaluate
from engine.evaluation.results import EvaluateRequest
from engine.models.builder import build_model
from engine.training.config import RunConfig
from engine.training.feeding import FedData

VALIDATION = slice(1437, None)


@pytest.fixture(scope="module")
def evaluation(digits):
    return digits.evaluate()


@pytest.fixture(scope="module")
def plain(digits):
    """Images, labels and probabilities of the validation data, from nothing but Keras."""
    data = load_dataset("digits")
    images, labels = data.inputs["image"][VALIDATION], data.targets["digit"][VALIDATION]
    model = keras.saving.load_model(digits.checkpoint)
    return model, images, labels, model.predict(images, verbose=0)


def test_the_metrics_are_those_of_keras(evaluation, plain, digits):
    model, images, labels, _ = plain
    theirs = model.evaluate(images, labels, batch_size=digits.config.fit.batch_size, verbose=0, return_dict=True)
    assert evaluation.metrics == pytest.approx(theirs, abs=1e-6)
    assert (evaluation.split, evaluation.samples) == ("validation", 360)
    assert [(one.split, one.samples) for one in evaluation.splits] == [("training", 1437), ("validation", 360)]


def test_validation_data_of_its_own_and_weights_of_samples_count_as_in_training(digits, plain):
    data = {"dataset": "digits", "sample_weights": "digit", "validation": {"dataset": "digits"}}
    config = digits.config.model_validate(
        {**digits.config.model_dump(), "data": data, "fit": {"epochs": 1, "validation_split": 0}}
    )
    trained = replace(digits, config=config)
    model, _, labels, _ = plain
    weighted = trained.evaluate(split="training", worst=0)
    everything = load_dataset("digits")
    images, labels = everything.inputs["image"], everything.targets["digit"]
    theirs = model.evaluate(images, labels, sample_weight=labels, batch_size=32, verbose=0, return_dict=True)
    assert weighted.metrics == pytest.approx(theirs, abs=1e-5)
    assert "by their weights" in weighted.remarks[0]
    alike = trained.evaluate(worst=0)
    theirs = model.evaluate(images, labels, batch_size=32, verbose=0, return_dict=True)
    assert (alike.split, alike.samples, alike.remarks) == ("validation", 1797, [])
    assert alike.metrics == pytest.approx(theirs, abs=1e-5)


def test_the_report_about_classes_is_that_of_scikit_learn(evaluation, plain):
    _, _, labels, probabilities = plain
    predicted = probabilities.argmax(axis=-1)
    (report,) = evaluation.reports
    assert (report.kind, report.scores, report.class_names) == ("classes", "probabilities", list("0123456789"))
    found = report.classes
    assert found.confusion == sk.confusion_matrix(labels, predicted).tolist()
    assert found.accuracy == pytest.approx(sk.accuracy_score(labels, predicted))
    theirs = sk.classification_report(labels, predicted, output_dict=True, zero_division=0)
    for row in found.rows:
        assert row.model_dump() == pytest.approx(
            {
                "label": row.label,
                "name": str(row.label),
                "precision": theirs[str(row.label)]["precision"],
                "recall": theirs[str(row.label)]["recall"],
                "f1": theirs[str(row.label)]["f1-score"],
                "support": theirs[str(row.label)]["support"],
            }
        )
    assert found.macro.f1 == pytest.approx(theirs["macro avg"]["f1-score"])
    assert found.weighted.precision == pytest.approx(theirs["weighted avg"]["precision"])


def test_the_curves_have_the_areas_of_scikit_learn_and_few_points(evaluation, plain):
    _, _, labels, probabilities = plain
    curves = evaluation.reports[0].classes.curves
    assert [one.label for one in curves] == list(range(10))
    for one in curves:
        true, scores = labels == one.label, probabilities[:, one.label]
        assert one.roc.area == pytest.approx(sk.roc_auc_score(true, scores))
        assert one.precision_recall.area == pytest.approx(sk.average_precision_score(true, scores))
        for curve in (one.roc, one.precision_recall):
            assert len(curve.x) == len(curve.y) <= 200
            assert curve.x == sorted(curve.x)


def test_the_worst_examples_have_the_highest_loss(evaluation, plain):
    _, images, labels, probabilities = plain
    losses = -np.log(probabilities[np.arange(len(labels)), labels])
    worst = evaluation.reports[0].worst
    assert len(worst) == 12
    assert [one.index for one in worst] == np.argsort(-losses, kind="stable")[:12].tolist()
    first = worst[0]
    assert first.outputs[0].loss == pytest.approx(losses.max(), rel=1e-4)
    assert first.outputs[0].target_label == labels[first.index]
    assert first.outputs[0].label == probabilities[first.index].argmax()
    shown = first.inputs["image"]
    assert (shown.kind, shown.shape, shown.minimum, shown.maximum) == ("image", [8, 8, 1], 0, 1)
    np.testing.assert_allclose(shown.values, images[first.index], atol=1e-6)


def test_numbers_are_reported_with_their_residuals(train_template):
    trained = train_template("diabetes_regression")
    report = trained.evaluate(split="training").reports[0]
    data = load_dataset("diabetes")
    rows = slice(0, report.samples)
    model = keras.saving.load_model(trained.checkpoint)
    predicted = model.predict(data.inputs["features"][rows], verbose=0)[:, 0]
    true = data.targets["progression"][rows]
    found = report.numbers
    assert report.kind == "numbers"
    assert found.mean_absolute_error == pytest.approx(sk.mean_absolute_error(true, predicted), rel=1e-5)
    assert found.root_mean_squared_error == pytest.approx(sk.root_mean_squared_error(true, predicted), rel=1e-5)
    assert found.r2 == pytest.approx(sk.r2_score(true, predicted), rel=1e-4, abs=1e-4)
    assert sum(found.residuals.counts) == found.values == len(found.true) == report.samples
    assert report.worst[0].outputs[0].loss == pytest.approx(((predicted - true) ** 2).max(), rel=1e-4)


def test_yes_or_no_has_two_classes_and_one_curve(train_template):
    trained = train_template("shared_vision", 1)
    report = trained.evaluate().reports[0]
    assert (report.kind, report.class_names) == ("classes", ["different", "same"])
    assert np.sum(report.classes.confusion) == report.samples == 800
    assert [one.name for one in report.classes.curves] == ["same"]
    assert sorted(report.worst[0].inputs) == ["first", "second"]


def test_classes_at_each_pixel_are_counted_pixel_by_pixel(train_template):
    trained = train_template("u_net", 1)
    report = trained.evaluate(worst=2).reports[0]
    assert report.kind in ("classes", "yes_or_no")
    assert report.worst[0].outputs[0].numbers.shape == report.worst[0].outputs[0].target_numbers.shape


def test_classes_at_each_place_of_a_text_are_counted_one_by_one(train_template):
    trained = train_template("sequence_to_sequence", 1)
    report = trained.evaluate(worst=1).reports[0]
    assert report.kind == "classes"
    assert sum(row.support for row in report.classes.rows) > report.samples


def test_an_image_as_target_is_compared_number_by_number(train_template):
    trained = train_template("autoencoder", 1)
    report = trained.evaluate(worst=3).reports[0]
    assert (report.kind, report.numbers.values) == ("numbers", 360 * 64)
    assert len(report.numbers.true) == 1000
    assert report.worst[0].outputs[0].numbers.kind == "image"


def test_without_validation_data_the_training_data_is_evaluated(digits, untrained):
    fit = digits.config.fit.model_copy(update={"validation_split": 0.0})
    trained = untrained("digits_cnn", digits.config.model_copy(update={"fit": fit}))
    assert trained.evaluate(report=False).split == "training"
    with pytest.raises(EngineError, match="There is no validation data; expected one of training"):
        trained.evaluate(split="validation")
    with pytest.raises(EngineError, match="There is no test data"):
        trained.evaluate(split="test")


def test_logits_become_probabilities(digits, tmp_path):
    graph, settings = digits.graph.model_copy(deep=True), digits.config.model_dump(mode="json")
    graph.layers[-1].config["activation"] = "linear"
    settings["compile"]["loss"] = {"class_name": "SparseCategoricalCrossentropy", "config": {"from_logits": True}}
    config = RunConfig.model_validate(settings)
    model = build_model(graph)
    model.set_weights(keras.saving.load_model(digits.checkpoint).get_weights())
    model.save(tmp_path / "logits.keras")
    report = evaluate(graph, config, tmp_path / "logits.keras", EvaluateRequest()).reports[0]
    assert report.scores == "probabilities"
    theirs = digits.evaluate().reports[0]
    assert (report.classes, theirs.classes) != (None, None)
    assert report.classes == theirs.classes


def test_predictions_that_are_not_finite_are_counted_and_left_out(digits, tmp_path):
    model = keras.saving.load_model(digits.checkpoint)
    model.set_weights([np.full_like(one, np.nan) for one in model.get_weights()])
    path = tmp_path / "nan.keras"
    model.save(path)
    report = evaluate(digits.graph, digits.config, path, EvaluateRequest()).reports[0]
    assert (report.not_finite, report.classes) == (360, None)
    assert "No prediction is a finite number" in (report.note or "")


def test_weights_of_another_model_are_refused(digits, train_template):
    other = train_template("iris_mlp", 1)
    with pytest.raises(IssuesError) as error:
        evaluate(digits.graph, digits.config, other.checkpoint, EvaluateRequest())
    assert error.value.code == "weights_do_not_fit"


def test_a_file_that_is_no_checkpoint_is_refused(digits, tmp_path):
    path = tmp_path / "x.keras"
    path.write_bytes(b"not a zip")
    with pytest.raises(EngineError, match="cannot be read"):
        evaluate(digits.graph, digits.config, path, EvaluateRequest())


def test_of_a_shuffled_split_only_the_samples_that_are_asked_for_are_copied(digits, monkeypatch):
    split = {"kind": "holdout", "validation": 0.2, "test": 0.1, "seed": 3}
    data = {"dataset": "digits", "split": split}
    config = digits.config.model_validate({**digits.config.model_dump(), "data": data, "fit": {"validation_split": 0}})
    taken, take = [], FedData.take

    def counting(self, rows):
        taken.append(len(rows))
        return take(self, rows)

    monkeypatch.setattr(FedData, "take", counting)
    answer = replace(digits, config=config).evaluate(split="test")
    assert taken == [answer.samples] == [180]
    assert {one.split: one.samples for one in answer.splits} == {"training": 1257, "validation": 360, "test": 180}
