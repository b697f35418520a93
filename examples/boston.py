"""House prices in Boston by K-fold: few samples, so each quarter of them is what a model is validated on once."""

import re
from pathlib import Path

from examples.example import Config, Example, Launch, draw

FOLDS = 4
EPOCHS = 120
PLAIN = Path(__file__).with_name("boston_plain.py")


def prepare_boston() -> Launch:
    """One run of all folds. The Normalization is fitted to the training samples of each fold alone."""
    graph = draw(
        ("InputLayer", {"shape": [13]}),
        ("Normalization", {}),
        ("Dense", {"units": 64, "activation": "relu"}),
        ("Dense", {"units": 64, "activation": "relu"}),
        ("Dense", {"units": 1}),
    )
    config: Config = {
        # The training part of Keras, whose order is shuffled already.
        "data": {"dataset": "boston_housing", "split": {"kind": "k_fold", "folds": FOLDS, "shuffle": False}},
        "compile": {"optimizer": "rmsprop", "loss": "mean_squared_error", "metrics": ["mean_absolute_error"]},
        "fit": {"epochs": EPOCHS, "batch_size": 16},
        "seed": 1,
    }
    return Launch(graph, config)


def write_plain_boston(epochs: int) -> str:
    """The same as one writes it with Keras and scikit-learn."""
    return re.sub(r"^EPOCHS = \d+$", f"EPOCHS = {epochs}", PLAIN.read_text(), flags=re.MULTILINE)


BOSTON = Example(
    name="boston",
    title="Boston house prices",
    data_set="boston_housing",
    about="Two hidden layers of 64 behind a Normalization; mean absolute error in $1,000, averaged over the"
    f" {FOLDS} folds of one run, each fitted and trained without the samples that it is validated on. One column is a"
    " statistic of race: compare older work with it, and use it for nothing else",
    metric="mean_absolute_error",
    goal=2.7,
    prepare=prepare_boston,
    is_limit=True,
    write_plain=write_plain_boston,
)
