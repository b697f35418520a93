"""A config that each class can be made from: found by trying, from the kinds of the required arguments."""

from collections.abc import Iterator
from itertools import islice, product

from pydantic import JsonValue

from engine.layers.making import Config
from engine.layers.overlay import EXAMPLES, look_up
from engine.layers.probing import Probe
from engine.layers.schema import Argument, Kind

MAX_TRIALS = 60

CANDIDATES: dict[Kind, list[JsonValue]] = {
    "boolean": [False],
    "integer": [2, 1],
    "float": [0.5],
    "string": ["a"],
    "choice": [],
    "dtype": ["float32"],
    "activation": ["relu"],
    "initializer": ["zeros"],
    "regularizer": ["l2"],
    "constraint": ["non_neg"],
    "optimizer": [{"module": "keras.optimizers", "class_name": "SGD", "config": {}, "registered_name": None}],
    "learning_rate_schedule": [],
    "loss": ["mean_squared_error"],
    "metric": ["mean_squared_error"],
    "layer": [
        {"module": "keras.layers", "class_name": name, "config": {"units": 32}, "registered_name": None}
        for name in ("Dense", "LSTM", "LSTMCell")
    ],
    "expression": ["x"],
    "json": [],
}
"""What is tried for a required argument of each kind, likeliest first."""


def find_example(value: type, arguments: list[Argument]) -> tuple[Config, str | None]:
    """A config with the required arguments filled, and None; or an empty one, and what Keras said against the last."""
    refusal: str | None = None
    wanted = [one for one in arguments if one.required or (value.__name__, one.name) in EXAMPLES]
    choices = [list_candidates(value.__name__, one) for one in wanted]
    for values in islice(product(*choices), MAX_TRIALS):
        config: Config = {one.name: candidate for one, candidate in zip(wanted, values, strict=True)}
        if (refusal := Probe(value, config).try_out()) is None:
            return config, None
    return {}, refusal or "no config that Keras accepts was found"


def list_candidates(owner: str, argument: Argument) -> list[JsonValue]:
    """Values worth trying for an argument, likeliest first."""
    return list(_candidates(owner, argument))


def _candidates(owner: str, argument: Argument) -> Iterator[JsonValue]:
    if (stated := look_up(EXAMPLES, owner, argument.name)) is not None:
        yield stated
    for kind in sorted(argument.kinds, key=lambda kind: kind == "tuple"):
        if kind == "tuple":
            yield from _tuples(argument)
        else:
            yield from CANDIDATES[kind]


def _tuples(argument: Argument) -> Iterator[JsonValue]:
    """Tuples of each allowed length, ascending as ranges and permutations must be."""
    for length in argument.lengths or (1, 2, 3):
        for item in argument.items:
            if item in ("integer", "float"):
                step = 1 if item == "integer" else 1 / (length + 1)
                yield [step * place for place in range(1, length + 1)]
            elif item != "tuple":
                for candidate in CANDIDATES[item]:
                    yield [candidate] * length
