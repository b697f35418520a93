"""Makes the reference models' arrays data sets of a Layerloom: imported by the processes of the benchmark's server."""

import os
from functools import partial
from pathlib import Path

from benchmarks.reference_data import FOLDER_VARIABLE, read_arrays
from benchmarks.reference_models import MODELS
from engine.data.datasets import SOURCES
from engine.data.schema import ArraySpec
from engine.data.source import Arguments, Array, Source


class NoArguments(Arguments):
    """These data sets take no arguments."""


def load(name: str, folder: Path) -> dict[str, Array]:
    """All arrays by name."""
    arrays = read_arrays(name, folder)
    inputs = {f"input_{index}": array for index, array in enumerate(arrays.inputs)}
    return {**inputs, "target": arrays.target}


def make_source(name: str, title: str, folder: Path) -> Source[NoArguments]:
    """Describes the arrays of one model, as they are."""
    arrays = load(name, folder)
    specs = [ArraySpec(name=key, shape=list(array.shape[1:]), dtype=str(array.dtype)) for key, array in arrays.items()]
    target = specs.pop()
    is_regression = target.dtype == "float32" and name in ("boston_mlp", "lstm")
    if not is_regression:
        target.classes = int(arrays["target"].max()) + 1
    return Source(
        name=name,
        title=title,
        origin="benchmark",
        task="regression" if is_regression else "classification",
        samples=len(arrays["target"]),
        description="What a reference model is trained on.",
        inputs=tuple(specs),
        targets=(target,),
        arguments=NoArguments,
        load=partial(load, name, folder),
    )


def register(folder: Path) -> None:
    """Adds what lies in the folder to the engine's data sets."""
    for model in MODELS:
        if (folder / model.name).is_dir():
            SOURCES[model.name] = make_source(model.name, model.title, folder)


register(Path(os.environ[FOLDER_VARIABLE]))
