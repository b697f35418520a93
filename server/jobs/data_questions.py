"""What the processes that read people's files are asked."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from engine.data.library.manifest import Definition, PlacedFile, StoredFile


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
