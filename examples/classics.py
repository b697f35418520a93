"""The examples that every book on Keras begins with: MNIST, IMDB, Reuters."""

from benchmarks.graphs import Json
from examples.example import Config, Example, Launch, draw

WORDS = 10_000
RELU = {"activation": "relu"}


def prepare_imdb() -> Launch:
    graph = draw(
        ("InputLayer", {"shape": [WORDS]}),
        ("Dense", {"units": 16, **RELU}),
        ("Dense", {"units": 16, **RELU}),
        ("Dense", {"units": 1, "activation": "sigmoid"}),
    )
    return validate_on_test(graph, "imdb_multi_hot", "binary_crossentropy", epochs=4, batch_size=512)


def prepare_reuters() -> Launch:
    graph = draw(
        ("InputLayer", {"shape": [WORDS]}),
        ("Dense", {"units": 64, **RELU}),
        ("Dense", {"units": 64, **RELU}),
        ("Dense", {"units": 46, "activation": "softmax"}),
    )
    return validate_on_test(graph, "reuters_multi_hot", "sparse_categorical_crossentropy", epochs=9, batch_size=512)


def prepare_mnist() -> Launch:
    graph = draw(
        ("InputLayer", {"shape": [28, 28]}),
        ("Reshape", {"target_shape": [28, 28, 1]}),
        ("Rescaling", {"scale": 1 / 255}),
        ("Conv2D", {"filters": 32, "kernel_size": 3, **RELU}),
        ("MaxPooling2D", {}),
        ("Conv2D", {"filters": 64, "kernel_size": 3, **RELU}),
        ("MaxPooling2D", {}),
        ("Flatten", {}),
        ("Dropout", {"rate": 0.5}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    )
    launch = validate_on_test(graph, "mnist", "sparse_categorical_crossentropy", epochs=8, batch_size=64)
    return Launch(graph, {**launch.config, "compile": {**launch.config["compile"], "optimizer": "adam"}})


def validate_on_test(graph: Json, data_set: str, loss: str, *, epochs: int, batch_size: int) -> Launch:
    """Trains on the training part, and validates after each epoch on the test part."""
    config: Config = {
        "data": {"dataset": data_set, "validation": {"dataset": data_set, "part": "test"}},
        "compile": {"optimizer": "rmsprop", "loss": loss, "metrics": ["accuracy"]},
        "fit": {"epochs": epochs, "batch_size": batch_size},
        "seed": 1,
    }
    return Launch(graph, config)


IMDB = Example(
    name="imdb",
    title="IMDB film reviews",
    data_set="imdb_multi_hot",
    about="Which of 10,000 words occur in a review; two hidden layers of 16",
    metric="accuracy",
    goal=0.87,
    prepare=prepare_imdb,
)
REUTERS = Example(
    name="reuters",
    title="Reuters newswires",
    data_set="reuters_multi_hot",
    about="Which of 10,000 words occur in a newswire; two hidden layers of 64, 46 topics",
    metric="accuracy",
    goal=0.77,
    prepare=prepare_reuters,
)
MNIST = Example(
    name="mnist",
    title="MNIST digits",
    data_set="mnist",
    about="Two convolutions with pooling, Dropout 0.5",
    metric="accuracy",
    goal=0.99,
    prepare=prepare_mnist,
)
