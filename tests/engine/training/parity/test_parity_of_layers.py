"""Layers that draw random numbers, keep a state, add to the loss or are used twice train as in `fit`."""

import keras
import pytest
from keras import layers

from engine.training.events import PlanEvent
from tests.engine.training.parity.feature import (
    GRAPH,
    STEP,
    XLA,
    Feature,
    compare_with_keras,
    name_feature,
    name_plan,
    train_with_us,
)
from tests.engine.training.parity.small_models import (
    CLASSES,
    FEATURES,
    IMAGES,
    NUMBERS,
    SERIES,
    WORDS,
    make_classifier,
    make_line,
    make_picture_model,
)

CLASSIFY = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}


def classify(name, make, **fit) -> Feature:
    return Feature(name, make, FEATURES[:16], CLASSES[:16], CLASSIFY, fit)


def see(name, make) -> Feature:
    return Feature(name, make, IMAGES[:16], CLASSES[:16], CLASSIFY)


def read_series(name, *between, batch=None, **fit) -> Feature:
    def make():
        start = keras.Input((5, 2), batch_size=batch, name="series")
        return keras.Sequential([start, *(make_layer() for make_layer in between), layers.Dense(1, name="answer")])

    return Feature(name, make, SERIES[:16], NUMBERS[:16], fit=fit)


def make_regularized():
    hidden = layers.Dense(
        4, "relu", kernel_regularizer=keras.regularizers.L1L2(0.01, 0.02), activity_regularizer="l2", name="hidden"
    )
    return make_line(hidden, layers.ActivityRegularization(l1=0.01))


def make_word_reader():
    end = [layers.LSTM(3), layers.Dense(3, "softmax", name="answer")]
    return keras.Sequential([keras.Input((7,), dtype="int32"), layers.Embedding(10, 4, mask_zero=True), *end])


def make_frozen():
    frozen = layers.Dense(6, "relu", name="frozen")
    normalization = layers.BatchNormalization(name="frozen_normalization")
    frozen.trainable = normalization.trainable = False
    return make_classifier(frozen, normalization)


def make_nested():
    inside = keras.Input((6,))
    inner = make_line(layers.Dense(4, "relu"), layers.BatchNormalization())
    middle = keras.Model(inside, [inner(inside), layers.Dense(2)(inside)], name="middle")
    start = keras.Input((6,))
    return keras.Model(start, layers.Dense(1, name="end")(layers.Concatenate()(middle(start))))


def make_shared():
    left, right = keras.Input((6,), name="left"), keras.Input((6,), name="right")
    read = keras.Sequential([layers.Dense(4, "relu"), layers.Dropout(0.3), layers.Dense(3)], name="read")
    return keras.Model([left, right], layers.Dense(1, name="answer")(layers.Subtract()([read(left), read(right)])))


def make_attention():
    start = keras.Input((5, 2))
    attended = layers.MultiHeadAttention(2, 2, dropout=0.2)(start, start, use_causal_mask=True)
    normal = layers.LayerNormalization()(layers.Add()([start, attended]))
    return keras.Model(start, layers.Dense(1, name="answer")(layers.GlobalAveragePooling1D()(normal)))


def make_normalized_pictures():
    return make_picture_model(layers.BatchNormalization(momentum=0.7))


def make_constrained():
    return make_line(layers.Dense(4, kernel_constraint="unit_norm", bias_constraint="non_neg", name="hidden"))


ON_EVERY_PLAN = [classify("normalization_of_batches", lambda: make_classifier(layers.BatchNormalization()))]

FEATURES_OF_LAYERS = [
    classify("normalization_with_validation", lambda: make_classifier(layers.BatchNormalization(momentum=0.6)),
             validation_split=0.25),
    classify("dropout", lambda: make_classifier(layers.Dropout(0.5)), validation_split=0.25),
    classify("dropout_with_a_seed", lambda: make_classifier(layers.Dropout(0.5, seed=4))),
    classify("noise", lambda: make_classifier(layers.GaussianNoise(0.3), layers.GaussianDropout(0.2, seed=1))),
    classify("alpha_dropout", lambda: make_classifier(layers.AlphaDropout(0.3))),
    Feature("regularizers_and_added_losses", make_regularized, FEATURES, NUMBERS, fit={"validation_split": 0.3}),
    Feature("constraints", make_constrained, FEATURES[:16], NUMBERS[:16]),
    classify("spectral_normalization", lambda: make_classifier(layers.SpectralNormalization(layers.Dense(4)))),
    classify("frozen_layers", make_frozen),
    Feature("a_model_in_a_model", make_nested, FEATURES[:16], NUMBERS[:16]),
    Feature("a_shared_model", make_shared, (FEATURES[:16], FEATURES[:16, ::-1]), NUMBERS[:16]),
    Feature("masked_words", make_word_reader, WORDS, CLASSES, CLASSIFY),
    Feature("attention_with_dropout", make_attention, SERIES[:16], NUMBERS[:16]),
    read_series("a_state_kept_between_batches", lambda: layers.LSTM(3, stateful=True), batch=4, shuffle=False),
    read_series("recurrent_dropout", lambda: layers.GRU(3, recurrent_dropout=0.3, dropout=0.2)),
    read_series("both_directions", lambda: layers.Bidirectional(layers.SimpleRNN(2))),
    read_series("convolution_over_time", lambda: layers.Conv1D(2, 3), layers.GlobalMaxPooling1D),
    see("pictures", make_picture_model),
    see("normalized_pictures", make_normalized_pictures),
    see("flipped_pictures", lambda: make_picture_model(layers.RandomFlip("horizontal"))),
    see("rotated_pictures", lambda: make_picture_model(layers.RandomRotation(0.2, seed=3))),
    see("pictures_with_other_contrast", lambda: make_picture_model(layers.RandomContrast(0.3), layers.RandomZoom(0.2))),
]  # fmt: skip


@pytest.mark.parametrize("plan", ["auto", GRAPH, XLA, STEP, "fit"], ids=name_plan)
@pytest.mark.parametrize("feature", ON_EVERY_PLAN, ids=name_feature)
def test_a_state_of_the_model_is_the_same_on_every_plan(feature, plan, tmp_path):
    compare_with_keras(feature, plan, tmp_path)


@pytest.mark.parametrize("plan", [STEP, XLA, "fit"], ids=name_plan)
def test_random_numbers_are_the_same_on_every_plan(plan, tmp_path):
    dropping = classify("dropping", lambda: make_classifier(layers.Dropout(0.5)))
    compare_with_keras(dropping, plan, tmp_path)


UNITS_DROPPED = [
    one for one in FEATURES_OF_LAYERS if one.name in {"alpha_dropout", "attention_with_dropout", "a_shared_model"}
]


@pytest.mark.parametrize("feature", UNITS_DROPPED, ids=name_feature)
def test_the_same_units_are_dropped_by_xla(feature, tmp_path):
    compare_with_keras(feature, XLA, tmp_path)


def test_a_pinned_plan_whose_random_numbers_are_others_says_so(tmp_path):
    noisy = next(one for one in FEATURES_OF_LAYERS if one.name == "noise")
    dropping = next(one for one in FEATURES_OF_LAYERS if one.name == "dropout_with_a_seed")

    def read_reason(feature: Feature, folder: str) -> str | None:
        events = train_with_us(feature, XLA, tmp_path / folder).events
        *_, told = [one for one in events if isinstance(one, PlanEvent)]
        return told.reason

    assert "other random numbers" in (read_reason(noisy, "noisy") or "")
    assert read_reason(dropping, "dropping") is None


@pytest.mark.parametrize("feature", FEATURES_OF_LAYERS, ids=name_feature)
def test_layers_train_as_keras_trains_them(feature, tmp_path):
    compare_with_keras(feature, GRAPH, tmp_path)


def test_a_loss_that_a_layer_adds_is_trained(tmp_path):
    class Penalty(layers.Layer):
        """Wants what goes through it to be small."""

        def call(self, x):
            self.add_loss(0.1 * keras.ops.mean(keras.ops.square(x)))
            return x

    added = Feature("added", lambda: make_line(layers.Dense(4), Penalty()), FEATURES[:16], NUMBERS[:16])
    compare_with_keras(added, GRAPH, tmp_path)


def test_a_model_with_a_loss_of_its_own_is_trained_by_it(tmp_path):
    class Doubled(keras.Model):
        """Takes the loss twice."""

        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            return 2 * super().compute_loss(x, y, y_pred, sample_weight, training)

    def make():
        start = keras.Input((6,))
        return Doubled(start, layers.Dense(1, name="answer")(start))

    compare_with_keras(Feature("doubled", make, FEATURES[:16], NUMBERS[:16]), GRAPH, tmp_path)
