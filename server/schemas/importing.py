"""Models from elsewhere as the API takes and shows them."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from engine.graph.issues import Issue
from server.schemas.model import ModelPublic
from server.schemas.names import DisplayName


class ImportRequest(BaseModel):
    """Make a model from exactly one of: a `template` by its id, an architecture of `keras.applications` by its name
    with its `arguments`, or the `config` that Keras gives of a model (`to_json()` or `get_config()`).

    The weights of an application are random unless its arguments name others, which Keras then downloads.
    """

    model_config = ConfigDict(extra="forbid")
    name: DisplayName | None = None
    template: str | None = None
    application: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    arguments: dict[str, JsonValue] = {}
    config: dict[str, JsonValue] | list[JsonValue] | str | None = None

    @model_validator(mode="after")
    def _check_source(self) -> Self:
        given = [key for key in ("template", "application", "config") if getattr(self, key) is not None]
        if len(given) != 1:
            raise ValueError(
                f"expected exactly one of template, application and config; received {' and '.join(given) or 'none'}"
            )
        if self.arguments and self.application is None:
            raise ValueError("arguments are those of an application, and none is named")
        return self


class ImportedModel(ModelPublic):
    """A model that was made from something else. `report` tells what was renamed, left out or is missing."""

    report: list[Issue]
