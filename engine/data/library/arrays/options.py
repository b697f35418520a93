"""What can be said about files of arrays."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from engine.data.library.manifest import ShortText

FieldName = Annotated[ShortText, Field(json_schema_extra={"format": "field"})]
"""A form offers the files' arrays for it."""

Reading = Literal["number", "category"]
Missing = Literal["refuse", "drop", "keep"]


class ArrayOptions(BaseModel):
    """The options of kind `arrays`. Fields are named by their arrays' paths."""

    model_config = ConfigDict(extra="forbid")

    test: Annotated[
        dict[FieldName, FieldName],
        Field(title="Test samples", description="For each array, the one that has its samples for the test."),
    ] = {}
    read_as: Annotated[
        dict[ShortText, Reading],
        Field(title="Read as", description="Whether the values of a column are numbers, or the names of classes."),
    ] = {}
    class_names: Annotated[
        FieldName | None,
        Field(title="Class names", description="The array that has the names of the target's classes 0, 1, 2, …"),
    ] = None
    missing: Annotated[
        Missing,
        Field(
            title="Missing values",
            description="What is done about samples with NaN or infinity: refuse the data, drop those, or keep them.",
        ),
    ] = "refuse"
