"""The files that a run's callbacks have written."""

from datetime import datetime

from pydantic import BaseModel


class RunFile(BaseModel):
    """One file: its path inside the run, its size in bytes, when it was last written to; `url` downloads it."""

    path: str
    size: int
    changed_at: datetime
    url: str


class RunFiles(BaseModel):
    """The files in the order of their paths.

    `total` counts all of them and `total_size` is what they take in bytes, also where there are too many to be listed.
    `archive_url` downloads them all; `?folder=` takes one folder of them.
    """

    items: list[RunFile]
    total: int
    total_size: int
    archive_url: str
