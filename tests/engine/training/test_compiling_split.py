"""What the check before training says of how the samples are divided."""

import pytest

from engine.models.check import GraphChecker
from engine.training.compiling import check_compile
from engine.training.split_settings import KFoldSplit, StratifiedSplit
from tests.engine.training.divided_data import INPUTS, NAME, TARGETS, install
from tests.engine.training.mending import apply, find_issue, mend

FIT = {"epochs": 1, "batch_size": 16}


@pytest.fixture(autouse=True)
def patients(monkeypatch):
    install(monkeypatch)


@pytest.fixture(scope="module")
def checker():
    return GraphChecker()


@pytest.fixture
def graph(make_graph):
    return make_graph((4,), 3)


@pytest.fixture
def configure(make_config):
    def configure(fit=FIT, targets=TARGETS, **data):
        return make_config(fit=fit, data={"dataset": NAME, "inputs": INPUTS, "targets": targets, **data})

    return configure


def test_the_sizes_of_the_sides_are_told(checker, graph, configure):
    result = check_compile(checker, graph, configure(split={"kind": "stratified", "test": 0.1}))
    assert result.issues == []
    assert (result.samples, result.validation_samples, result.steps_per_epoch) == (63, 18, 4)


def test_data_sorted_by_class_is_divided_by_class_instead(checker, graph, configure, tmp_path):
    config = configure(fit={**FIT, "validation_split": 0.2})
    issue, labels = mend(checker, graph, config, "classes_only_in_validation", tmp_path)
    assert (issue.severity, issue.argument) == ("warning", "fit.validation_split")
    assert "18 validation samples are of classes that no sample trains: 2" in issue.message
    assert labels == ["Divide by class instead (stratified)"]
    _, mended = apply(issue.fixes[0], graph, config)
    assert mended.fit.validation_split == 0
    assert mended.data.split == StratifiedSplit(validation=0.2)


def test_a_class_that_is_rare_on_one_side_only_is_said(checker, graph, configure, tmp_path):
    config = configure(fit={**FIT, "validation_split": 0.1})
    issue, _ = mend(checker, graph, config, "classes_divided_unevenly", tmp_path)
    assert "Class 2 is 7% of the training and 100% of the validation samples" in issue.message


def test_folds_that_leave_a_class_out_are_made_by_class(checker, graph, configure):
    config = configure(split={"kind": "k_fold", "shuffle": False})
    issue = find_issue(check_compile(checker, graph, config), "classes_only_in_validation")
    assert issue.argument == "data.split"
    _, mended = apply(issue.fixes[0], graph, config)
    assert mended.data.split == KFoldSplit(variant="stratified", shuffle=False)


def test_numbers_that_are_measured_are_no_classes(checker, make_graph, configure, make_config):
    config = configure(fit={**FIT, "validation_split": 0.2}, targets={"answer": "height"})
    config = config.model_copy(update={"compile": make_config(compile={"loss": "mse"}).compile})
    result = check_compile(checker, make_graph((4,), 1, None), config)
    assert result.issues == []


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"fit": {**FIT, "validation_split": 0.2}}, "split_and_validation_split"),
        ({"validation": {"dataset": NAME}}, "split_and_validation_data"),
    ],
)
def test_of_two_ways_to_validate_either_can_be_left_out(settings, code, checker, graph, configure, tmp_path):
    config = configure(split={"kind": "stratified"}, **settings)
    issue, labels = mend(checker, graph, config, code, tmp_path)
    assert issue.argument == "data.split"
    assert labels[0].endswith("data.validation out" if "validation" in settings else "fit.validation_split to 0")


def test_what_cannot_be_divided_is_said_beside_all_else(checker, graph, configure):
    config = configure(split={"kind": "stratified", "by": "holes"}, sample_weights="nothing")
    codes = [issue.code for issue in check_compile(checker, graph, config).issues]
    assert codes == ["unknown_array"]
    config = configure(fit={**FIT, "steps_per_epoch": 99}, split={"kind": "stratified", "by": "height"})
    codes = [issue.code for issue in check_compile(checker, graph, config).issues]
    assert codes == ["no_classes", "more_steps_than_batches"]


def test_classes_that_cannot_be_balanced_are_left_unweighed(checker, make_graph, configure, make_config, tmp_path):
    config = configure(fit={**FIT, "class_weight": "balanced"}, targets={"answer": "height"})
    config = config.model_copy(update={"compile": make_config(compile={"loss": "mse"}).compile})
    issue, labels = mend(checker, make_graph((4,), 1, None), config, "class_weight_not_possible", tmp_path)
    assert issue.severity == "error"
    assert labels == ["Leave class_weight out"]
