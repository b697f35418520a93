"""The checkpoints that earlier attempts of a run left: whoever keeps the newest few counts them too. Needs no Keras."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from engine.training.events import Fold, Logs

CHECKPOINTS_FOLDER = "checkpoints"
EARLIER_NAME = "earlier-checkpoints.json"
"""The file, in the folder of an attempt, that says what the attempts before it left in the folders beside it."""


class EarlierCheckpoint(BaseModel):
    """A file that an earlier attempt wrote: `path` from the folder on in which the folders of all attempts are.

    `fold` is the one that it is of, in a K-fold run.
    """

    model_config = ConfigDict(extra="forbid")

    path: str
    logs: Logs
    fold: Fold | None = None


_LIST = TypeAdapter[list[EarlierCheckpoint]](list[EarlierCheckpoint])


def write_earlier(directory: Path, earlier: list[EarlierCheckpoint]) -> None:
    """For the attempt whose folder this is. Those that are to go first come first."""
    (directory / EARLIER_NAME).write_bytes(_LIST.dump_json(earlier))


def read_earlier(directory: Path, fold: int | None = None) -> list[tuple[Path, Logs]]:
    """The fold's files, those to go first first; none for the first attempt, nor for one that nobody told of any.

    A path that leads elsewhere is left out: what is not the run's is not to be deleted.
    """
    try:
        listed = _LIST.validate_json((directory / EARLIER_NAME).read_bytes())
    except FileNotFoundError:
        return []
    beside = directory.resolve().parent
    files = [((beside / one.path).resolve(), one.logs) for one in listed if one.fold == fold]
    return [(path, logs) for path, logs in files if path.is_relative_to(beside)]
