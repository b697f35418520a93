"""Reviews with a number, a category and a text, as a person's CSV file with raw columns."""

import csv
from pathlib import Path

import numpy as np
from pydantic import JsonValue

from engine.data.library.kinds import GivenFile
from engine.data.library.library import use_library
from engine.data.library.make import Naming, inspect, make
from engine.data.library.manifest import Definition
from engine.data.library.store import LibraryStore
from engine.graph.document import Graph
from engine.training.config import RunConfig
from tests.engine.models.sketch import Sketch

ROWS = 120
NAME = "reviews"
COLUMNS: dict[str, JsonValue] = {
    "stars": {"type": "number"}, "city": {"type": "category"}, "text": {"type": "text"}, "liked": {"type": "category"},
}  # fmt: skip


def list_rows() -> list[list[str]]:
    """The file's rows; those from 96 on have a city and a word that no row before them has."""
    random = np.random.default_rng(2)
    rows = []
    for number in range(ROWS):
        liked = bool(random.integers(0, 2))
        city = "Gdańsk" if number >= 96 else ("Köln", "東京", "Lyon")[number % 3]
        word = "unheard" if number >= 96 else ("film", "book")[number % 2]
        text = f"A {'great' if liked else 'poor'} {word}, number {number % 20}."
        rows.append([f"{random.normal(4 if liked else 2, 1):.3f}", city, text, "yes" if liked else "no"])
    return rows


def make_reviews(folder: Path) -> None:
    """Makes the data set `reviews`, and sets the library. Whoever calls it sets the library back to None."""
    path = folder / "reviews.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["stars", "city", "text", "liked"], *list_rows()])
    files = [GivenFile("reviews.csv", path)]
    definition = inspect(files, Definition(kind="table", options={"raw": True, "columns": COLUMNS})).definition
    store = LibraryStore(folder / "data")
    making = store.begin() / "set"
    making.mkdir()
    make(files, definition, making, Naming(NAME, "Reviews", "", []), lambda _: None)
    store.publish(making, NAME)
    use_library(store.sets)


def draw_reviews(*, words: str = "int") -> Graph:
    """Normalization, StringLookup and TextVectorization behind raw inputs, joined, and one Dense."""
    sketch = Sketch()
    sketch.add("stars", "InputLayer", shape=[1])
    sketch.add("city", "InputLayer", shape=[1], dtype="string")
    sketch.add("text", "InputLayer", shape=[], dtype="string")
    sketch.add("scaled", "Normalization", "stars")
    sketch.add("cities", "StringLookup", "city", output_mode="one_hot")
    if words == "int":
        sketch.add("words", "TextVectorization", "text", max_tokens=40, output_sequence_length=6)
        sketch.add("vectors", "Embedding", "words", input_dim=40, output_dim=4)
        read = sketch.add("read", "GlobalAveragePooling1D", "vectors")
    else:
        read = sketch.add("words", "TextVectorization", "text", output_mode=words)
    sketch.add("joined", "Concatenate", ["scaled", "cities", read])
    return sketch.end(sketch.add("liked", "Dense", "joined", units=1, activation="sigmoid"))


def configure(**sections: JsonValue) -> RunConfig:
    """A run's config for the reviews; keyword arguments replace whole sections of it."""
    return RunConfig.model_validate(
        {
            "compile": {"loss": "binary_crossentropy", "metrics": ["accuracy"]},
            "fit": {"epochs": 2, "batch_size": 16, "validation_split": 0.2},
            "data": {"dataset": NAME},
            "seed": 5,
            **sections,
        }
    )
