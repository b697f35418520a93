"""What can be said about a folder of texts."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from engine.data.library.encodings import check_encoding
from engine.data.library.folders.parts import ValidationFolder

Encoding = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(check_encoding)]


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
    broken: Annotated[
        Literal["refuse", "skip"], Field(description="What happens with files that are no text in their encoding.")
    ] = "refuse"
    validation_folder: Annotated[
        ValidationFolder | None,
        Field(
            description="Where texts of a validation folder go. end: they are the last of the training samples, which"
            " is where Keras's validation_split takes them from; test: to the test part. Proposed: end where there is"
            " a test folder, else test."
        ),
    ] = None
    seed: Annotated[
        int, Field(ge=0, lt=2**32, description="The samples are shuffled once, when they are prepared.")
    ] = 0
