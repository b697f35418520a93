"""What the server may ask of the process that has scikit-learn about dividing a data set."""

from pathlib import Path

from pydantic import JsonValue

from engine.training.split_settings import ComputedSplit, SplitName
from server.jobs.compiler import Question


class DivideQuestion(Question):
    """How to divide a data set. With `folder`, which is there and empty, it is stored there as `name`."""

    dataset: str
    arguments: dict[str, JsonValue]
    definition: ComputedSplit
    name: SplitName | None = None
    folder: Path | None = None
