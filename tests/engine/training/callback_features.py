"""Small trainings for tests of callbacks, and callbacks by name."""

from tests.engine.training.parity.feature import Feature
from tests.engine.training.parity.small_models import CLASSES, FEATURES, NUMBERS, make_classifier, make_line

CLASSIFY = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}


def classify(**fit) -> Feature:
    return Feature("classify", make_classifier, FEATURES, CLASSES, CLASSIFY, {"validation_split": 0.3, **fit})


def draw_a_line(compile_settings=None, **fit) -> Feature:
    return Feature("line", make_line, FEATURES, NUMBERS, compile_settings or {}, fit)


def named(class_name, **config):
    return {"class_name": class_name, "config": config}
