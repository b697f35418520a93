"""What can be said about a folder of texts."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from engine.data.library.encodings import Encoding
from engine.data.library.folders.shared_options import Broken, Seed, ValidationChoice


class TextOptions(BaseModel):
    """The options of the kind `texts`; what is None is found out from the files."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    encoding: Annotated[
        Encoding | None,
        Field(
            description="How all files are read. Left open, each is read by its byte order mark, as UTF-8, or else as"
            " other_encoding says."
        ),
    ] = None
    other_encoding: Annotated[
        Encoding | None,
        Field(description="How files are read that have no mark and are not UTF-8. Proposed: the likeliest."),
    ] = None
    broken: Annotated[Broken, Field(description="What happens with files that are no text in their encoding.")] = (
        "refuse"
    )
    validation_folder: ValidationChoice = None
    seed: Seed = 0
