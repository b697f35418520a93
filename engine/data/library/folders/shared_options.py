"""What can be said about a folder of samples, of whatever kind they are."""

from typing import Annotated, Literal

from pydantic import Field

from engine.data.library.folders.parts import ValidationFolder

Broken = Literal["refuse", "skip"]
"""What happens with files that cannot be read."""

ValidationChoice = Annotated[
    ValidationFolder | None,
    Field(
        description="Where samples of a validation folder go. end: they are the last of the training samples, which is"
        " where Keras's validation_split takes them from; test: to the test part. Proposed: end where there is a test"
        " folder, else test."
    ),
]

Seed = Annotated[int, Field(ge=0, lt=2**32, description="The samples are shuffled once, when they are prepared.")]
