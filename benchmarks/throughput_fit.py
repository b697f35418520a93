"""What `fit` itself makes of a reference model, to see that nobody is fast by doing less."""

from pathlib import Path

from benchmarks.graphs import Json
from benchmarks.reference_data import read_arrays
from benchmarks.reference_models import find_model
from benchmarks.throughput_runs import SEED


def train_as_fit(name: str, graph: Json, data: Path, epochs: int) -> dict[str, list[float]]:
    """The History of `fit` with the seed of our runs, without shuffling."""
    import keras

    from engine.graph.document import Graph
    from engine.models.builder import build_model

    model, arrays = find_model(name), read_arrays(name, data)
    keras.utils.set_random_seed(SEED)
    # Built as for a run, so that layers take their first weights in the same order.
    built = build_model(Graph.model_validate(graph), "model")
    built.compile(**model.compile_settings)
    inputs = arrays.inputs[0] if len(arrays.inputs) == 1 else list(arrays.inputs)
    settings = {"epochs": epochs, "batch_size": model.batch_size, "shuffle": False, "verbose": 0}
    history: dict[str, list[float]] = built.fit(inputs, arrays.target, **settings).history
    return history
