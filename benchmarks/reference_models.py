"""The eight models that training is measured on: small ones, as people draw and train them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.graphs import Json

if TYPE_CHECKING:
    import keras

WORDS = 10_000
TWEET_LENGTH = 70
TWEET_CHARACTERS = 64
REVIEW_LENGTH = 64


@dataclass(frozen=True)
class ReferenceModel:
    """One model with what it is compiled with. `build` makes it of Keras's layers, each time with new weights.

    `task` says what is compared: classes by number, a probability, or numbers.
    """

    name: str
    title: str
    build: "Callable[[], keras.Model]"
    task: str
    optimizer: str
    batch_size: int

    @property
    def loss(self) -> str:
        return {"classes": "sparse_categorical_crossentropy", "binary": "binary_crossentropy", "numbers": "mse"}[
            self.task
        ]

    @property
    def metric(self) -> str:
        return "mae" if self.task == "numbers" else "accuracy"

    @property
    def compile_settings(self) -> Json:
        """The arguments of `keras.Model.compile`."""
        return {"optimizer": self.optimizer, "loss": self.loss, "metrics": [self.metric]}


def build_digits_mlp() -> "keras.Model":
    return _build_mlp([8, 8, 1], (64, 32), 10, "softmax")


def build_imdb_mlp() -> "keras.Model":
    return _build_mlp([WORDS], (16, 16), 1, "sigmoid")


def build_reuters_mlp() -> "keras.Model":
    return _build_mlp([WORDS], (64, 64), 46, "softmax")


def build_boston_mlp() -> "keras.Model":
    return _build_mlp([13], (64, 64), 1, None)


def build_mnist_cnn() -> "keras.Model":
    import keras

    image = keras.Input([28, 28, 1], name="image")
    last = keras.layers.Conv2D(32, 3, activation="relu")(image)
    last = keras.layers.MaxPooling2D(2)(last)
    last = keras.layers.Conv2D(64, 3, activation="relu")(last)
    last = keras.layers.MaxPooling2D(2)(last)
    last = keras.layers.Flatten()(last)
    last = keras.layers.Dropout(0.5)(last)
    return keras.Model(image, keras.layers.Dense(10, activation="softmax")(last))


def build_lstm() -> "keras.Model":
    import keras

    series = keras.Input([50, 32], name="series")
    return keras.Model(series, keras.layers.Dense(1)(keras.layers.LSTM(32)(series)))


def build_tweets_lstm() -> "keras.Model":
    """Two tweets, read by one LSTM: is the same person their author? (The guide to Keras's functional API.)"""
    import keras

    tweets = [keras.Input([TWEET_LENGTH, TWEET_CHARACTERS], name=name) for name in ("first", "second")]
    reader = keras.layers.LSTM(32)
    last = keras.layers.Concatenate()([reader(tweet) for tweet in tweets])
    return keras.Model(tweets, keras.layers.Dense(1, activation="sigmoid")(last))


def build_transformer() -> "keras.Model":
    import keras

    tokens = keras.Input([REVIEW_LENGTH], dtype="int32", name="tokens")
    words = keras.layers.Embedding(WORDS, 32)(tokens)
    attention = keras.layers.MultiHeadAttention(num_heads=2, key_dim=16, dropout=0.1)(words, words)
    attended = keras.layers.LayerNormalization()(keras.layers.Add()([words, attention]))
    fed = keras.layers.Dense(32)(keras.layers.Dense(32, activation="relu")(attended))
    fed = keras.layers.Dropout(0.1)(fed)
    last = keras.layers.LayerNormalization()(keras.layers.Add()([attended, fed]))
    last = keras.layers.Dropout(0.1)(keras.layers.GlobalAveragePooling1D()(last))
    return keras.Model(tokens, keras.layers.Dense(1, activation="sigmoid")(last))


def _build_mlp(shape: Sequence[int], hidden: Sequence[int], units: int, activation: str | None) -> "keras.Model":
    import keras

    features = last = keras.Input(shape, name="features")
    if len(shape) > 1:
        last = keras.layers.Flatten()(last)
    for width in hidden:
        last = keras.layers.Dense(width, activation="relu")(last)
    return keras.Model(features, keras.layers.Dense(units, activation=activation)(last))


MODELS = (
    ReferenceModel("digits_mlp", "digits MLP", build_digits_mlp, "classes", "adam", 32),
    ReferenceModel("imdb_mlp", "IMDB MLP", build_imdb_mlp, "binary", "rmsprop", 64),
    ReferenceModel("reuters_mlp", "Reuters MLP", build_reuters_mlp, "classes", "rmsprop", 64),
    ReferenceModel("boston_mlp", "Boston MLP", build_boston_mlp, "numbers", "rmsprop", 16),
    ReferenceModel("mnist_cnn", "MNIST CNN", build_mnist_cnn, "classes", "adam", 64),
    ReferenceModel("lstm", "LSTM 50×32", build_lstm, "numbers", "adam", 64),
    ReferenceModel("tweets_lstm", "two-tweet LSTM", build_tweets_lstm, "binary", "rmsprop", 64),
    ReferenceModel("transformer", "small transformer", build_transformer, "binary", "adam", 64),
)


def find_model(name: str) -> ReferenceModel:
    """Raises KeyError where there is no such model."""
    return {model.name: model for model in MODELS}[name]
