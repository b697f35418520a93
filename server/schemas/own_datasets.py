"""Data sets of people's own, as the API takes them and tells of them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from engine.data.library.manifest import Definition, SetName, Sha256
from server.schemas.uploads import FileName


class Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class UploadedFile(Sent):
    """A file by the id of its upload, which is complete."""

    upload: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class KeptFile(Sent):
    """A file that the server has already, by its content; `name` is what it is called here."""

    sha256: Sha256
    name: FileName


class FileInPlace(Sent):
    """A file or folder on the server's machine, inside one of the folders of `LAYERLOOM_DATA_FOLDERS`."""

    path: Annotated[str, Field(min_length=1, max_length=4096)]


SentFile = UploadedFile | KeptFile | FileInPlace
SentFiles = Annotated[list[SentFile], Field(min_length=1, max_length=100)]


class InspectRequest(Sent):
    """Files to look at. `definition` is what a person has said so far; what it leaves open is found out."""

    files: SentFiles
    definition: Definition | None = None


class NewDataset(Sent):
    """Files to make a data set of. What `definition` leaves open, inputs and targets too, is settled by inspecting."""

    name: SetName
    title: Annotated[str, Field(min_length=1, max_length=200)]
    description: Annotated[str, Field(max_length=2_000)] = ""
    files: SentFiles
    definition: Definition
