"""Makes the files of this folder with Keras 2; README.md says how. Nothing else runs this."""

import json
import sys
from pathlib import Path

import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

OUT = Path(sys.argv[1])
RANDOM = np.random.default_rng(0)


def draw(*shape):
    return RANDOM.normal(size=shape).astype("float32")


def save(name, model, inputs):
    answers = model.predict(inputs, verbose=0)
    inputs = inputs if isinstance(inputs, list) else [inputs]
    answers = answers if isinstance(answers, list) else [answers]
    (OUT / f"{name}.json").write_text(model.to_json())
    model.save(OUT / f"{name}.h5")
    arrays = {f"x{i}": one for i, one in enumerate(inputs)} | {f"y{i}": one for i, one in enumerate(answers)}
    np.savez(OUT / f"{name}.npz", **arrays)


def make_sequential():
    """Layers whose arguments Keras 3 renamed or dropped, without an input layer, trained for a step."""
    model = keras.Sequential(
        [
            layers.SeparableConv2D(4, 3, activation="relu", input_shape=(8, 8, 3)),
            layers.DepthwiseConv2D(3, padding="same"),
            layers.BatchNormalization(),
            layers.LeakyReLU(alpha=0.1),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(3, activation="softmax", kernel_regularizer="l2"),
        ],
        name="convnet",
    )
    optimizer = keras.optimizers.Adam(learning_rate=0.002, beta_1=0.8)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(draw(4, 8, 8, 3), np.array([0, 1, 2, 0]), verbose=0)
    save("sequential", model, draw(2, 8, 8, 3))


def make_functional():
    """A shared layer, a nested model called twice, states, a wrapped Sequential, attention, several ins and outs."""
    a, b = layers.Input((5,), name="a"), layers.Input((5,), name="b")
    shared = layers.Dense(4, activation="tanh", name="shared")
    inner_input = layers.Input((4,))
    normal = layers.BatchNormalization(name="norm")(inner_input)
    inner = keras.Model(inner_input, layers.Dense(4, name="inside")(normal), name="inner")
    both = layers.Concatenate(axis=-1, name="both")([inner(shared(a)), inner(shared(b))])
    folded = layers.Reshape((2, 4), name="fold")(both)
    steps, h, c = layers.LSTM(3, return_sequences=True, return_state=True, name="encoder")(folded)
    decoded = layers.LSTM(3, name="decoder")(folded, initial_state=[h, c])
    bi = layers.Bidirectional(layers.GRU(2), name="bi")(steps)
    per_step = keras.Sequential([layers.Dense(2, input_shape=(3,))], name="per_step")
    wrapped = layers.TimeDistributed(per_step, name="td")(steps)
    attended = layers.MultiHeadAttention(2, 3, name="att")(steps, value=steps)
    first = layers.Dense(1, name="first")(decoded)
    widened = layers.Dense(4, name="widen")(decoded)
    second = layers.Dense(2, name="second")(layers.Add(name="sum")([bi, widened]))
    model = keras.Model([a, b], [first, second, wrapped, attended], name="branches")
    inner.layers[1].trainable = False
    model.compile("rmsprop", loss=["mse", "mae", None, None], loss_weights=[1.0, 0.5, 0, 0])
    save("functional", model, [draw(2, 5), draw(2, 5)])


def make_masked():
    words = layers.Input((None,), dtype="int32", name="words")
    embedded = layers.Embedding(20, 4, mask_zero=True, name="embed")(words)
    model = keras.Model(words, layers.Dense(2)(layers.LSTM(3, name="read")(embedded)), name="words_model")
    save("masked", model, np.array([[1, 2, 0], [3, 0, 0]], dtype="int32"))
    model.save_weights(OUT / "masked_weights.h5")


class Twice(layers.Layer):
    def call(self, x):
        return 2 * x


def make_custom():
    """What nothing is known of: somebody's layer, a Lambda, arithmetic on tensors."""
    start = layers.Input((3,))
    x = layers.Lambda(lambda z: z + 1, name="plus")(Twice(name="twice")(start)) * 3.0
    model = keras.Model(start, layers.Dense(2, name="end")(x), name="custom")
    model.save(OUT / "custom.h5")
    (OUT / "custom.json").write_text(model.to_json())


def make_old_sequential():
    """As Keras 2.0 wrote it: a list of layers, the first with the input's shape."""
    model = keras.Sequential([layers.Dense(4, input_dim=3), layers.Dense(2)])
    config = [{"class_name": type(one).__name__, "config": one.get_config()} for one in model.layers]
    text = json.dumps({"class_name": "Sequential", "keras_version": "2.0.6", "config": config})
    (OUT / "no_input_layer.json").write_text(text)


keras.utils.set_random_seed(7)
for make in (make_sequential, make_functional, make_masked, make_custom, make_old_sequential):
    make()
