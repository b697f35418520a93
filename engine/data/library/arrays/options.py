"""What can be said about files of arrays."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from engine.data.library.arrays.faults import refuse
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


def read_options(options: dict[str, JsonValue]) -> ArrayOptions:
    """The options with their types. Raises `IssuesError` `invalid_option`."""
    try:
        return ArrayOptions.model_validate(options)
    except ValidationError as error:
        fault = error.errors()[0]
        name = ".".join(map(str, fault["loc"]))
        known = ", ".join(ArrayOptions.model_fields)
        raise refuse(
            "invalid_option",
            f"The option {name!r}: {fault['msg']}; received {str(fault['input'])[:200]!r}.",
            f"The options of arrays: {known}.",
            f"options.{name}",
        ) from error
