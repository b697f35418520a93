"""Formulas as Keras objects: layers, losses, metrics, schedules; saved, loaded, masked, wrapped."""

import keras
import numpy as np
import pytest

from engine.layers.expressions.errors import ExpressionError
from engine.layers.expressions.layer import Expression
from engine.layers.expressions.losses import ExpressionLoss, ExpressionMetric
from engine.layers.expressions.schedule import Schedule


@pytest.fixture(scope="module")
def model() -> keras.Model:
    left, right = keras.Input((3,), name="left"), keras.Input((3,), name="right")
    joined = Expression("a * sigmoid(b) + mean(a, axis=-1, keepdims=True)", ["a", "b"], name="gate")([left, right])
    return keras.Model([left, right], keras.layers.Dense(2)(joined))


@pytest.mark.parametrize("extension", [".keras", ".h5"])
def test_a_saved_model_with_a_formula_is_loaded_again(model, tmp_path, extension):
    inputs = [np.random.default_rng(i).random((4, 3), "float32") for i in range(2)]
    model.save(tmp_path / f"model{extension}")
    loaded = keras.models.load_model(tmp_path / f"model{extension}")
    np.testing.assert_array_equal(loaded.predict(inputs, verbose=0), model.predict(inputs, verbose=0))
    assert loaded.get_layer("gate").get_config() == model.get_layer("gate").get_config()


def test_the_layer_is_registered_under_our_package():
    assert keras.saving.get_registered_name(Expression) == "layerloom>Expression"
    assert keras.saving.get_registered_name(ExpressionLoss) == "layerloom>ExpressionLoss"
    assert keras.saving.get_registered_name(ExpressionMetric) == "layerloom>ExpressionMetric"


@pytest.mark.parametrize(
    "made",
    [
        Expression("x * 2", name="twice"),
        Expression("a, b", ("a", "b"), dtype="float64", name="both"),
        ExpressionLoss("abs(y_true - y_pred)", reduction="sum", name="distance"),
        ExpressionMetric("abs(y_true - y_pred)", name="distance", dtype="float32"),
    ],
    ids=lambda made: made.name,
)
def test_a_config_makes_the_same_object_again(made):
    config = made.get_config()
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(made))
    assert type(again) is type(made)
    assert again.get_config() == config
    assert type(made).from_config(config).get_config() == config


def test_a_formula_that_is_a_list_gives_several_outputs():
    halves = Expression("x[:, :2], x[:, 2:]")(keras.Input((4,)))
    assert [tuple(half.shape) for half in halves] == [(None, 2), (None, 2)]


def test_a_mask_goes_on_where_the_steps_stay_and_ends_where_they_go():
    inputs = keras.Input((None,))
    embedded = keras.layers.Embedding(5, 3, mask_zero=True)(inputs)
    kept, ended = Expression("x * 2")(embedded), Expression("mean(x, axis=1)")(embedded)
    assert getattr(kept, "_keras_mask", None) is not None
    assert getattr(ended, "_keras_mask", None) is None
    layer = keras.layers.LSTM(2)
    outputs = keras.Model(inputs, layer(kept)).predict(np.array([[1, 2, 0], [1, 2, 3]]), verbose=0)
    alone = keras.Model(inputs, layer(Expression("x * 2")(embedded))).predict(np.array([[1, 2]]), verbose=0)
    np.testing.assert_allclose(outputs[0], alone[0], rtol=1e-5)


def test_masks_of_several_inputs_are_joined():
    layer = Expression("a + b", ["a", "b"])
    tensors = [keras.ops.ones((1, 3, 2)), keras.ops.ones((1, 3, 2))]
    masks = [keras.ops.convert_to_tensor([[True, True, False]]), keras.ops.convert_to_tensor([[False, True, True]])]
    joined = keras.tree.flatten(layer.compute_mask(tensors, masks))
    assert [keras.ops.convert_to_numpy(one).tolist() for one in joined] == [[[False, True, False]]]


def test_a_formula_works_inside_a_wrapper():
    outputs = keras.layers.TimeDistributed(Expression("x[:, :1] * 2"))(keras.Input((5, 4)))
    assert tuple(outputs.shape) == (None, 5, 1)


def test_a_layer_says_when_it_gets_too_few_inputs():
    with pytest.raises(ExpressionError, match="variables a, b, and 1 input came"):
        Expression("a + b", ["a", "b"]).compute_output_spec(keras.KerasTensor((None, 2)))


@pytest.mark.parametrize("expression", ["1 + 1", "ones((2, 2))", "", None, 3, ["x"]])
def test_a_layer_needs_a_formula_with_its_variables(expression):
    with pytest.raises(ExpressionError):
        Expression(expression)


def test_a_loss_is_that_of_keras_for_the_same_formula():
    y_true, y_pred = np.random.default_rng(0).random((2, 6, 3), "float32")
    weights = np.arange(6, dtype="float32")
    mine, keras_own = ExpressionLoss(), keras.losses.MeanSquaredError()
    np.testing.assert_allclose(mine(y_true, y_pred), keras_own(y_true, y_pred), rtol=1e-6)
    np.testing.assert_allclose(mine(y_true, y_pred, weights), keras_own(y_true, y_pred, weights), rtol=1e-6)


def test_a_metric_is_the_mean_over_all_samples_by_their_weights():
    metric, keras_own = ExpressionMetric("mean(abs(y_true - y_pred), axis=-1)"), keras.metrics.MeanAbsoluteError()
    for size in (4, 2):
        y_true, y_pred = np.random.default_rng(size).random((2, size, 3), "float32")
        for one in (metric, keras_own):
            one.update_state(y_true, y_pred, sample_weight=np.arange(size))
    np.testing.assert_allclose(metric.result(), keras_own.result(), rtol=1e-6)


def test_targets_without_their_last_dimension_are_not_spread_over_the_batch():
    metric = ExpressionMetric("abs(y_true - y_pred)")
    metric.update_state(np.array([1, 2, 3]), np.array([[1.0], [2.0], [3.0]]))
    assert float(metric.result()) == 0


@pytest.mark.parametrize("expression", ["square(y_true)", "mean(square(y_true - y_pred)) * unknown", "y_pred, y_true"])
def test_a_loss_says_what_is_wrong_with_its_formula(expression):
    with pytest.raises(ExpressionError):
        ExpressionLoss(expression)(np.ones((2, 2)), np.ones((2, 2)))


def test_a_schedule_gives_a_rate_for_every_epoch():
    schedule = Schedule("lr * 0.5 if epoch % 2 == 1 else lr")
    assert [schedule(epoch, 0.1) for epoch in range(3)] == [0.1, 0.05, 0.1]
    assert Schedule("lr * exp(-0.1)")(3, 1.0) == pytest.approx(np.exp(-0.1))
    Schedule("lr * 0.999").try_epochs(2_000_000, 0.1)


@pytest.mark.parametrize(
    ("expression", "epoch"),
    [("lr - 0.03", 3), ("lr / (3 - epoch)", 3), ("lr * inf", 0), ("ones((2,)) * lr", 0), ("lr > 1", 0), ("-lr", 0)],
)
def test_a_schedule_says_in_which_epoch_it_fails(expression, epoch):
    with pytest.raises(ExpressionError, match=rf"[Ii]n epoch {epoch}|no number"):
        Schedule(expression).try_epochs(10, 0.1)
