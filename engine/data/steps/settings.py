"""What is done to a data set's arrays before a model sees them. Imports nothing heavy: the server reads configs."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

StepName = Literal["to_categorical", "normalize", "pad_sequences", "multi_hot", "windows"]

MAX_STEPS = 50


class DataStep(BaseModel):
    """One function with one array of the data set, by Keras's own names.

    `arguments` are those of the function, without the array itself. The result replaces the array, or becomes a new one
    with this `name`. `windows` cuts all arrays along time, so that there its `name` only renames the array.
    """

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    function: StepName
    array: Annotated[str, Field(min_length=1, max_length=200)]
    arguments: dict[str, JsonValue] = {}
    name: Annotated[str, Field(pattern=r"^[A-Za-z_][\w.-]{0,99}$")] | None = None

    @property
    def result(self) -> str:
        """The name of the array that comes out."""
        return self.name or self.array


DataSteps = Annotated[list[DataStep], Field(max_length=MAX_STEPS)]
"""In the order in which they are applied; each sees the arrays that the earlier ones leave."""
