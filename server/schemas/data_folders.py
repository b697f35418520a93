"""What lies in the folders of the server whose data may be used, as the API tells of it."""

from pydantic import BaseModel


class PlacedEntry(BaseModel):
    """A file or folder. `path` is what a request for a data set names; `bytes` are a file's, None for a folder."""

    name: str
    path: str
    bytes: int | None


class FolderListing(BaseModel):
    """A folder's content: folders first, then files, by their names.

    `path` is None for the list of the folders that are allowed themselves, `parent` None for each of those. `left_out`
    says how many more there are than are listed.
    """

    path: str | None
    parent: str | None
    entries: list[PlacedEntry]
    left_out: int = 0
