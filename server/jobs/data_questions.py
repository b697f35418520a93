"""What the processes that work on data are asked."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue

from engine.data.library.manifest import Definition, PlacedFile, StoredFile
from engine.data.steps.settings import DataStep
from engine.training.split_settings import SplitSettings


class Question(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NamedPath(Question):
    """A file on this machine, by the name that its sender gave it."""

    name: str
    path: Path


class InspectQuestion(Question):
    """`definition` is what a person has said so far."""

    files: list[NamedPath]
    definition: Definition | None = None


class MakeQuestion(Question):
    """What to make, of what, and in which folder. `room` is how many bytes it may take on the disk, of which
    `min_free_bytes` stay free in any case.
    """

    name: str
    title: str
    description: str
    sources: list[StoredFile | PlacedFile]
    files: list[NamedPath]
    definition: Definition
    folder: Path
    room: int
    min_free_bytes: int


class DownloadQuestion(Question):
    """Which data set to fetch. `mirror` is the address below which its files are taken; None: where Keras has them."""

    name: str
    mirror: str | None = None


class DuplicatesQuestion(Question):
    """Which data set to look through, and how its samples are divided. `library` is the folder of people's own ones."""

    name: str
    arguments: dict[str, JsonValue] = {}
    split: SplitSettings | None = None
    library: Path


class StepsQuestion(Question):
    """Which steps to try on which data set, and which samples to show: `rows` of them from `start` on."""

    name: str
    arguments: dict[str, JsonValue] = {}
    steps: list[DataStep] = []
    start: int = 0
    rows: int = 3
