"""House prices in Boston by K-fold: few samples, so each quarter of them is the test part once."""

from collections.abc import Sequence
from typing import Any

import httpx
import numpy as np

from examples.example import Config, Example, Fold, draw
from examples.own_data import make_data_set

FOLDS = 4
EPOCHS = 120


def prepare_boston(client: httpx.Client) -> Sequence[Fold]:
    """Sends each fold as a data set with a test part of its own."""
    # Keras is imported only where it is needed: it takes seconds, and as much memory as a run.
    from engine.data.datasets import load_dataset

    # The training part of Keras, whose order is shuffled already.
    data = load_dataset("boston_housing")
    features, prices = data.inputs["features"], data.targets["price"]
    return [prepare_fold(client, features, prices, fold) for fold in range(FOLDS)]


def prepare_fold(client: httpx.Client, features: np.ndarray[Any, Any], prices: np.ndarray[Any, Any], fold: int) -> Fold:
    """The training that is validated on that fold, and never sees it before: nor does the Normalization."""
    name = f"boston_fold_{fold + 1}"
    test = np.array_split(np.arange(len(prices)), FOLDS)[fold]
    x, y = np.delete(features, test, axis=0), np.delete(prices, test, axis=0)
    arrays = {"x_train": x, "y_train": y, "x_test": features[test], "y_test": prices[test]}
    make_data_set(client, name, f"Boston house prices, fold {fold + 1} of {FOLDS}", arrays)
    graph = draw(
        ("InputLayer", {"shape": [13]}),
        ("Normalization", {"mean": x.mean(axis=0).tolist(), "variance": x.var(axis=0).tolist()}),
        ("Dense", {"units": 64, "activation": "relu"}),
        ("Dense", {"units": 64, "activation": "relu"}),
        ("Dense", {"units": 1}),
    )
    config: Config = {
        "data": {"dataset": name, "validation": {"dataset": name, "part": "test"}},
        "compile": {"optimizer": "rmsprop", "loss": "mean_squared_error", "metrics": ["mean_absolute_error"]},
        "fit": {"epochs": EPOCHS, "batch_size": 16},
        "seed": 1,
    }
    return Fold(graph, config)


BOSTON = Example(
    name="boston",
    title="Boston house prices",
    data_set="boston_housing",
    about=f"Two hidden layers of 64 behind a Normalization; mean absolute error in $1,000, averaged over {FOLDS} folds"
    " that are sent to the server as data sets of one's own. One column is a statistic of race: compare older work with"
    " it, and use it for nothing else",
    metric="mean_absolute_error",
    goal=2.7,
    prepare=prepare_boston,
    is_limit=True,
)
