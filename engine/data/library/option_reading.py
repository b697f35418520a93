"""What a person says about files, with its types."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from engine.data.named_faults import list_faults
from engine.errors import IssuesError

OptionsT = TypeVar("OptionsT", bound=BaseModel)


def read_options(options: type[OptionsT], what: str, given: Mapping[str, JsonValue]) -> OptionsT:
    """The options of such files (`images`, `a table`). Raises `IssuesError` `invalid_option` that names each fault."""
    try:
        return options.model_validate(dict(given))
    except ValidationError as error:
        issues = list_faults(error, options, code="invalid_option", word="option", owner=what, place="options")
        raise IssuesError("invalid_option", issues[0].message, issues[0].hint, issues) from error
