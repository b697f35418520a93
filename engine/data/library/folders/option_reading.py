"""What a person says about a folder of files, with its types."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from engine.data.library.folders.contents import Contents
from engine.errors import IssuesError
from engine.graph.issues import Issue

OptionsT = TypeVar("OptionsT", bound=BaseModel)


def read_options(kind: type[OptionsT], contents: Contents, options: Mapping[str, JsonValue]) -> OptionsT:
    """The options of a folder of these contents. Raises `IssuesError` (`invalid_data_option`) that names each fault."""
    try:
        return kind.model_validate(dict(options))
    except ValidationError as error:
        issues = [
            Issue(
                code="invalid_data_option",
                message=f"The option {'.'.join(map(str, fault['loc']))!r} of {contents.plural}: {fault['msg']};"
                f" received {str(fault['input'])[:100]!r}.",
                argument=".".join(["definition.options", *map(str, fault["loc"])]),
                hint=f"The options of {contents.plural}: {', '.join(kind.model_fields)}.",
            )
            for fault in error.errors()
        ]
        raise IssuesError("invalid_data_option", issues[0].message, issues[0].hint, issues) from error
