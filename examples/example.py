"""What an example is: a data set, a model, how it is trained, and the result that it has to reach."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.graphs import Drawing, Json

Config = dict[str, Any]


@dataclass(frozen=True)
class Launch:
    """What a run is launched with: the model's graph, and the config."""

    graph: Json
    config: Config


@dataclass(frozen=True)
class Example:
    """`goal` is what `metric` has to reach on data that was not trained on, at least or (`is_limit`) at most.

    `prepare` gives what is launched. `data_set` has to be there, or the example cannot be run. `write_plain` gives
    the code, for so many epochs, that a run stands beside which is no single `fit`; else that is the run, exported.
    """

    name: str
    title: str
    data_set: str
    about: str
    metric: str
    goal: float
    prepare: Callable[[], Launch]
    is_limit: bool = False
    write_plain: Callable[[int], str] | None = None

    def is_reached(self, value: float) -> bool:
        """Whether a result is as good as it has to be."""
        return value <= self.goal if self.is_limit else value >= self.goal


def draw(*layers: tuple[str, Config]) -> Json:
    """The graph of a model that is a row of layers."""
    drawing = Drawing()
    sources: list[str] = []
    for class_name, config in layers:
        sources = [drawing.add(class_name, sources, **config)]
    return drawing.to_json()


def set_epochs(config: Config, epochs: int | None) -> Config:
    """The config with another number of epochs; None leaves it."""
    return config if epochs is None else {**config, "fit": {**config["fit"], "epochs": epochs}}
