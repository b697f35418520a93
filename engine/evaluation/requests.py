"""What can be asked of a trained model. Imports no Keras: the server reads it."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, FiniteFloat, JsonValue

from engine.evaluation.results import MAX_SAMPLES, Split
from engine.graph.document import Graph


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FoldModel(Request):
    """The model of one fold of a run, counted from 1: its graph, and the checkpoint that has its weights."""

    fold: Annotated[int, Field(ge=1)]
    graph: Graph
    weights: Path


class SplitRows(Request):
    """Samples of the run's own data, by their places in a split."""

    kind: Literal["split"] = "split"
    split: Split | None = None
    indices: Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1, max_length=MAX_SAMPLES)]


class InputArrays(Request):
    """The whole array of each input by its name, the samples first, as nested lists."""

    kind: Literal["inputs"] = "inputs"
    inputs: Annotated[dict[str, JsonValue], Field(min_length=1, max_length=1000)]


class JsonRows(Request):
    """One entry per sample: an object by input name, or the array itself where there is one input."""

    kind: Literal["rows"] = "rows"
    rows: Annotated[list[JsonValue], Field(min_length=1, max_length=MAX_SAMPLES)]


class CsvRows(Request):
    """Comma-separated values, with or without a first line of names."""

    kind: Literal["csv"] = "csv"
    text: str


class ImageFile(Request):
    """A PNG or JPEG file. `invert` swaps black and white, which are the numbers `limits`, or those of the data."""

    kind: Literal["image"] = "image"
    content: Base64Bytes
    invert: bool = False
    limits: tuple[FiniteFloat, FiniteFloat] | None = None


PredictRequest = SplitRows | InputArrays | JsonRows | CsvRows | ImageFile
