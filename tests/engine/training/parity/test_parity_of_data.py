"""What samples a step sees, and how much each counts, is as in `fit`."""

import keras
import numpy as np
import pytest

from tests.engine.training.parity.feature import (
    GRAPH,
    STEP,
    XLA,
    Feature,
    compare,
    compare_with_keras,
    name_feature,
    name_plan,
    train_with_keras,
    train_with_us,
)
from tests.engine.training.parity.small_models import (
    BRANCH_INPUTS,
    BRANCH_TARGETS,
    CLASSES,
    FEATURES,
    IMAGES,
    NUMBERS,
    WEIGHTS,
    make_branches,
    make_classifier,
    make_line,
    make_picture_model,
)

# Keras warns where a pass over the data ends within an epoch of so many steps, and ends the epoch there.
pytestmark = pytest.mark.filterwarnings("ignore:Your input ran out of data")

CLASSIFY = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}


OTHERS = (FEATURES[:7] * 2, CLASSES[7:14], None)
"""Seven samples to validate on."""

WEIGHTED_OTHERS = (*OTHERS[:2], WEIGHTS[:7])


def classify(name, *, samples=None, sample_weights=None, validation=None, **fit) -> Feature:
    some = slice(samples)
    compile_settings = {**CLASSIFY, "weighted_metrics": ["accuracy"]} if sample_weights is not None else CLASSIFY
    return Feature(
        name, make_classifier, FEATURES[some], CLASSES[some], compile_settings, fit,
        sample_weights=sample_weights, validation=validation,
    )  # fmt: skip


EVERYTHING = classify("in_order", shuffle=False)
SHUFFLED_WITH_VALIDATION = classify("validation_split", epochs=3, validation_split=0.3)
WEIGHTED_WITH_OTHERS = classify("weights_and_validation_data", sample_weights=WEIGHTS, validation=WEIGHTED_OTHERS)
SOME_STEPS = classify("some_steps_of_a_pass", epochs=4, steps_per_epoch=2)
ON_EVERY_PLAN = [EVERYTHING, SHUFFLED_WITH_VALIDATION, WEIGHTED_WITH_OTHERS, SOME_STEPS]

FEATURES_OF_DATA = [
    classify("shuffled", epochs=3),
    classify("validation_split_in_order", shuffle=False, validation_split=0.5),
    classify("validation_every_second_epoch", epochs=4, validation_split=0.3, validation_freq=2),
    classify("validation_of_some_steps", validation_split=0.5, validation_steps=1),
    classify("validation_in_other_batches", validation_split=0.5, validation_batch_size=2),
    classify("validation_of_some_small_batches", validation_split=0.5, validation_batch_size=2, validation_steps=3),
    classify("some_steps_of_a_pass_in_order", epochs=4, steps_per_epoch=3, shuffle=False),
    classify("more_steps_than_a_pass_has", epochs=3, steps_per_epoch=9),
    classify("as_many_steps_as_a_pass_has", epochs=3, steps_per_epoch=5),
    classify("steps_over_the_end_with_validation", epochs=5, steps_per_epoch=4, validation_split=0.2),
    classify("an_epoch_that_is_not_the_first", epochs=7, initial_epoch=5),
    classify("no_smaller_last_batch", samples=16),
    classify("a_last_batch_of_one", samples=17),
    classify("batches_of_one", samples=6, batch_size=1),
    classify("a_batch_larger_than_the_data", batch_size=100),
    classify("a_batch_of_all", batch_size=18, validation_split=0.1),
    classify("class_weights", class_weight={0: 2.0, 1: 0.5, 2: 1.0}),
    classify("class_weights_with_validation", class_weight={0: 2.0, 1: 0.5, 2: 1.0}, validation_split=0.3),
    classify("sample_weights", sample_weights=WEIGHTS),
    classify("sample_weights_with_validation", sample_weights=WEIGHTS, validation_split=0.3),
    classify("whole_sample_weights", sample_weights=np.arange(len(CLASSES)) % 3),
    classify("sample_weights_of_zero", sample_weights=np.where(WEIGHTS > 1, WEIGHTS, 0)),
    classify("validation_data", validation=OTHERS),
    classify("validation_data_in_other_batches", validation=OTHERS, validation_batch_size=3),
    classify("validation_data_of_some_steps", validation=OTHERS, validation_batch_size=2, validation_steps=3),
    classify("validation_data_every_second_epoch", epochs=4, validation=OTHERS, validation_freq=2),
    classify("validation_data_of_one_sample", validation=(FEATURES[:1], CLASSES[:1], None)),
    classify("validation_data_and_some_steps", epochs=3, steps_per_epoch=2, validation=OTHERS),
    classify("weights_with_validation_data_without", sample_weights=WEIGHTS, validation=OTHERS),
    classify("validation_data_with_weights", validation=WEIGHTED_OTHERS),
    classify("validation_data_and_class_weights", class_weight={0: 2.0, 1: 0.5, 2: 1.0}, validation=OTHERS),
    Feature("whole_numbers", make_picture_model, IMAGES, CLASSES, CLASSIFY),
    Feature("double_precision_data", make_line, FEATURES.astype("float64"), NUMBERS.astype("float64")),
    Feature("targets_without_an_axis", make_line, FEATURES, NUMBERS[:, 0]),
    Feature("several_inputs_and_outputs", make_branches, BRANCH_INPUTS, BRANCH_TARGETS, {
        "loss": ["mse", "sparse_categorical_crossentropy"]}, {"validation_split": 0.3}),
    Feature("several_outputs_with_sample_weights", make_branches, BRANCH_INPUTS, BRANCH_TARGETS, {
        "loss": ["mse", "sparse_categorical_crossentropy"]}, {"validation_split": 0.3}, sample_weights=WEIGHTS),
    Feature("validation_data_of_several_ends", make_branches, BRANCH_INPUTS, BRANCH_TARGETS, {
        "loss": ["mse", "sparse_categorical_crossentropy"]}, sample_weights=WEIGHTS, validation=(
        [one[:5] for one in BRANCH_INPUTS], [one[:5] for one in BRANCH_TARGETS], WEIGHTS[:5])),
]  # fmt: skip


@pytest.mark.parametrize("plan", ["auto", GRAPH, XLA, STEP, "fit"], ids=name_plan)
@pytest.mark.parametrize("feature", ON_EVERY_PLAN, ids=name_feature)
def test_every_plan_trains_as_keras_does(feature, plan, tmp_path):
    compare_with_keras(feature, plan, tmp_path)


@pytest.mark.parametrize("feature", FEATURES_OF_DATA, ids=name_feature)
def test_a_compiled_training_sees_the_samples_that_keras_would(feature, tmp_path):
    compare_with_keras(feature, GRAPH, tmp_path)


def test_a_graph_comes_to_the_very_bits_of_keras(tmp_path):
    compare(train_with_keras(EVERYTHING), train_with_us(EVERYTHING, GRAPH, tmp_path), tolerance=0)


def test_another_seed_gives_another_order(tmp_path):
    class Seen(keras.layers.Layer):
        """Its one weight becomes the first number of the newest batch."""

        def build(self, shape):
            self.last = self.add_weight(shape=(), trainable=False, initializer="zeros")

        def call(self, x, training=False):
            if training:
                self.last.assign(x[0, 0])
            return x

    def make():
        return keras.Sequential([keras.Input((6,)), Seen(), keras.layers.Dense(1)])

    feature = Feature("seen", make, FEATURES, NUMBERS, fit={"epochs": 1})
    seen = [train_with_us(feature, GRAPH, tmp_path / str(seed), seed=seed).variables for seed in (11, 11, 12)]
    firsts = [next(value for name, value in one.items() if name.startswith("0 ")) for one in seen]
    assert firsts[0] == firsts[1] != firsts[2]
    assert np.isin(firsts, FEATURES[:, 0]).all()
