"""Every optimizer, what it does to gradients and weights, schedules and precisions work as in `fit`."""

import pytest
from keras import layers

from tests.engine.training.parity.feature import GRAPH, STEP, XLA, Feature, compare_with_keras, name_feature, name_plan
from tests.engine.training.parity.small_models import CLASSES, FEATURES, NUMBERS, make_classifier, make_line


def keras_object(class_name, **config):
    return {"class_name": class_name, "config": config}


def optimize(name, class_name="SGD", *, precision="float32", epochs=2, model=make_line, **config) -> Feature:
    settings = {"optimizer": keras_object(class_name, **{"learning_rate": 0.05, **config})}
    return Feature(name, model, FEATURES[:16], NUMBERS[:16], settings, {"epochs": epochs}, precision=precision)


DECAY = keras_object("ExponentialDecay", initial_learning_rate=0.1, decay_steps=2, decay_rate=0.5)
COSINE = keras_object("CosineDecay", initial_learning_rate=0.01, decay_steps=5, warmup_target=0.1, warmup_steps=2)

ACCUMULATION = optimize("accumulated_gradients", "Adam", gradient_accumulation_steps=3)
AVERAGES = optimize("averaged_weights", "Adam", use_ema=True, ema_momentum=0.5)

FEATURES_OF_OPTIMIZERS = [
    optimize("norm_of_each_gradient_clipped", clipnorm=0.1),
    optimize("values_of_gradients_clipped", clipvalue=0.1),
    optimize("norm_of_all_gradients_clipped", global_clipnorm=0.1),
    ACCUMULATION,
    optimize("accumulation_with_clipping_and_averages", "Adam", gradient_accumulation_steps=2, use_ema=True,
             ema_overwrite_frequency=2, clipnorm=0.1, epochs=3),
    AVERAGES,
    optimize("averages_put_in_place_every_third_step", "Adam", use_ema=True, ema_overwrite_frequency=3),
    optimize("weight_decay", weight_decay=0.05),
    optimize("a_decaying_learning_rate", learning_rate=DECAY),
    optimize("a_learning_rate_that_warms_up", learning_rate=COSINE),
    optimize("nesterov", momentum=0.9, nesterov=True),
    optimize("amsgrad", "Adam", amsgrad=True),
    optimize("RMSprop", "RMSprop", momentum=0.5, centered=True),
    *(optimize(name, name) for name in (
        "Adam", "AdamW", "Adagrad", "Adadelta", "Adamax", "Nadam", "Ftrl", "Lion", "Lamb", "Adafactor", "Muon")),
]  # fmt: skip


def classify(name, precision, **optimizer) -> Feature:
    settings = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"], **optimizer}

    def make():
        return make_classifier(layers.BatchNormalization())

    return Feature(name, make, FEATURES[:16], CLASSES[:16], settings, {"epochs": 3}, precision=precision)


SCALED = keras_object(
    "LossScaleOptimizer", inner_optimizer=keras_object("SGD", learning_rate=0.05), initial_scale=2.0**20,
    dynamic_growth_steps=3,
)  # fmt: skip

FEATURES_OF_PRECISION = [
    classify("mixed_float16_scales_the_loss_by_itself", "mixed_float16"),
    classify("mixed_float16_with_a_scale_that_changes", "mixed_float16", optimizer=SCALED),
    classify("scaled_loss_in_float32", "float32", optimizer=SCALED),
    classify("mixed_bfloat16", "mixed_bfloat16"),
    classify("float64", "float64"),
]


@pytest.mark.parametrize("plan", ["auto", XLA, STEP, "fit"], ids=name_plan)
@pytest.mark.parametrize("feature", [ACCUMULATION, AVERAGES], ids=name_feature)
def test_what_the_optimizer_keeps_is_the_same_on_every_plan(feature, plan, tmp_path):
    compare_with_keras(feature, plan, tmp_path)


@pytest.mark.parametrize("feature", FEATURES_OF_OPTIMIZERS, ids=name_feature)
def test_optimizers_take_the_steps_that_keras_takes(feature, tmp_path):
    compare_with_keras(feature, GRAPH, tmp_path)


@pytest.mark.parametrize("feature", FEATURES_OF_PRECISION, ids=name_feature)
def test_every_precision_computes_as_keras_does(feature, tmp_path):
    compare_with_keras(feature, GRAPH, tmp_path)
