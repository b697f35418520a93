"""Which layer, weight or gradient was not finite first, on real Keras models."""

import keras
import numpy as np
import pytest

from engine.training.not_finite import find_first_not_finite

RANDOM = np.random.default_rng(3)
X = RANDOM.normal(size=(16, 4)).astype("float32")
Y = RANDOM.normal(size=(16, 1)).astype("float32")


def compile_model(model: "keras.Model", loss: object = "mse", **settings: object) -> "keras.Model":
    """Compiled, and used once, as a model in training is."""
    model.compile(optimizer="sgd", loss=loss, **settings)
    model.optimizer.build(model.trainable_variables)
    return model


def copy_variables(model: "keras.Model") -> list[np.ndarray]:
    """Every number that a training changes: weights, averages, seeds, the optimizer's and the metrics' variables."""
    everything = [*model.variables, *model.optimizer.variables, *model.metrics_variables]
    return [np.array(variable.value) for variable in everything]


def test_a_healthy_step_has_nothing_to_say():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)])
    assert find_first_not_finite(compile_model(model), (X, Y)) is None


def test_the_logarithm_of_a_negative_number_is_named_and_not_what_follows_it():
    inputs = keras.Input((4,))
    hidden = keras.layers.Dense(5, name="hidden", kernel_initializer="ones")(inputs)
    outputs = keras.layers.Dense(1, name="answer")(keras.ops.log(hidden))
    model = compile_model(keras.Model(inputs, outputs))
    negative = -np.abs(X)
    assert find_first_not_finite(model, (negative, Y)) == (
        "the output of layer 'log' (Log) had 80 of 80 numbers that are not finite"
    )


def test_a_layer_inside_a_nested_model_is_named_with_where_it_is():
    inner_input = keras.Input((4,))
    middle = keras.layers.Activation(keras.ops.log, name="logarithm")
    inner = keras.Model(inner_input, keras.layers.Dense(2)(middle(inner_input)), name="inner")
    model = compile_model(keras.Sequential([keras.Input((4,)), inner, keras.layers.Dense(1)]))
    sentence = find_first_not_finite(model, (-np.abs(X), Y))
    assert sentence == (
        "the output of layer 'logarithm' (Activation) within 'inner' (Functional)"
        " had 64 of 64 numbers that are not finite"
    )


def test_a_huge_learning_rate_is_found_step_by_step_where_it_first_shows():
    keras.utils.set_random_seed(1)
    layers = [keras.layers.Dense(8, name="first"), keras.layers.Dense(8, name="second"), keras.layers.Dense(1)]
    model = compile_model(keras.Sequential([keras.Input((4,)), *layers]))
    model.optimizer.learning_rate = 1e9
    said = []
    for _ in range(20):
        said.append(find_first_not_finite(model, (X, Y)))
        if not np.isfinite(model.train_on_batch(X, Y)):
            break
    assert said[0] is None
    assert said[-1] is not None
    assert said[-1].startswith(("the output of layer '", "the weight '", "the loss was", "the gradient of"))


def test_weights_that_an_update_has_broken_are_named():
    model = compile_model(keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, name="only")]))
    model.layers[0].kernel.assign(np.array([[np.inf], [0], [0], [np.nan]]))
    sentence = find_first_not_finite(model, (X, Y))
    assert sentence == (
        f"the weight {model.layers[0].kernel.path!r} had 2 of 4 numbers that are not finite,"
        " from an update that was too large"
    )


def test_a_gradient_that_explodes_behind_a_finite_loss_is_named():
    inputs = keras.Input((4,))
    hidden = keras.layers.Dense(3, use_bias=False, kernel_initializer="zeros", name="still")(inputs)
    outputs = keras.ops.sum(keras.ops.sqrt(keras.ops.abs(hidden)), axis=-1, keepdims=True)
    model = compile_model(keras.Model(inputs, outputs))
    sentence = find_first_not_finite(model, (X, Y))
    assert sentence == "the gradient of 'still/kernel' had 12 of 12 numbers that are not finite"


def test_the_gradient_of_an_embedding_is_looked_at_by_its_rows():
    inputs = keras.Input((2,), dtype="int32")
    embedded = keras.layers.Embedding(5, 2, embeddings_initializer="zeros", name="words")(inputs)
    outputs = keras.ops.sum(keras.ops.sqrt(keras.ops.abs(embedded)), axis=(1, 2))
    model = compile_model(keras.Model(inputs, outputs))
    sentence = find_first_not_finite(model, (np.array([[1, 3]]), np.array([1.0])))
    assert sentence == "the gradient of 'words/embeddings' had 4 of 4 numbers that are not finite"


def test_a_loss_that_is_infinite_after_finite_outputs_is_said():
    model = compile_model(keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)]), loss="poisson")
    target = Y.copy()
    target[0] = 3e38
    sentence = find_first_not_finite(model, (X * 1e30, target))
    assert sentence is not None
    assert sentence.startswith("the loss was ")


@pytest.mark.parametrize(
    ("batch", "expected"),
    [
        ((np.where(X > 1, np.nan, X), Y), "the data for input 'features' had"),
        ((X, np.full_like(Y, np.inf)), "the targets of the batch had 16 of 16"),
        ((X, Y, np.full(16, np.nan, "float32")), "the sample weights of the batch had 16 of 16"),
    ],
)
def test_a_batch_that_is_not_finite_itself_is_said(batch: tuple[np.ndarray, ...], expected: str):
    inputs = keras.Input((4,), name="features")
    model = compile_model(keras.Model(inputs, keras.layers.Dense(1)(inputs)))
    sentence = find_first_not_finite(model, batch)
    assert sentence is not None
    assert sentence.startswith(expected)


def test_nothing_of_the_model_is_changed_and_training_goes_on_as_if_nobody_had_looked():
    def make() -> "keras.Model":
        keras.utils.set_random_seed(5)
        inputs = keras.Input((6, 4))
        hidden = keras.layers.GaussianNoise(0.1)(inputs)
        hidden = keras.layers.TimeDistributed(keras.layers.Dense(4, kernel_regularizer="l2"))(hidden)
        hidden = keras.layers.LSTM(5, activity_regularizer="l2", dropout=0.2)(hidden)
        hidden = keras.layers.BatchNormalization()(hidden)
        hidden = keras.layers.Dropout(0.3)(hidden)
        return compile_model(
            keras.Model(inputs, keras.layers.Dense(1, dtype="float32")(hidden)), metrics=["mae"], weighted_metrics=[]
        )

    x = RANDOM.normal(size=(16, 6, 4)).astype("float32")
    looked, plain = make(), make()
    for model in (looked, plain):
        model.train_on_batch(x, Y)
    before = copy_variables(looked)
    assert find_first_not_finite(looked, (x, Y, np.ones(16, "float32"))) is None
    assert all(np.array_equal(a, b) for a, b in zip(before, copy_variables(looked), strict=True))
    assert all("call" not in layer.__dict__ for layer in looked.layers)
    assert looked.train_on_batch(x, Y) == plain.train_on_batch(x, Y)


def test_a_model_in_half_precision_is_looked_at_in_its_own_precision():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        inputs = keras.Input((4,))
        hidden = keras.layers.Dense(8, kernel_initializer="ones", name="wide")(inputs)
        model = compile_model(keras.Model(inputs, keras.layers.Dense(1, dtype="float32")(hidden)))
    finally:
        keras.config.set_dtype_policy("float32")
    sentence = find_first_not_finite(model, (np.full((2, 4), 60000, "float32"), np.zeros((2, 1), "float32")))
    assert sentence == "the output of layer 'wide' (Dense) had 16 of 16 numbers that are not finite"


def test_several_inputs_and_outputs_are_looked_at_by_name():
    left, right = keras.Input((2,), name="left"), keras.Input((2,), name="right")
    merged = keras.layers.Concatenate()([left, right])
    heads = {"one": keras.layers.Dense(1, name="one")(merged), "two": keras.layers.Dense(1, name="two")(merged)}
    model = compile_model(keras.Model([left, right], heads), loss={"one": "mse", "two": "mae"})
    x = [X[:, :2], X[:, 2:].copy()]
    assert find_first_not_finite(model, (x, {"one": Y, "two": Y})) is None
    x[1][0, 0] = np.nan
    sentence = find_first_not_finite(model, (x, {"one": Y, "two": Y}))
    assert sentence == "the data for input 'right' had 1 of 32 numbers that is not finite"
