"""Questions with values that somebody sent, of any form. Runs in child processes."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from engine.errors import EngineError

QuestionT = TypeVar("QuestionT", bound=BaseModel)
TOO_DEEP = "recursion limit exceeded"


def read_question(model: type[QuestionT], payload: bytes) -> QuestionT:
    """The question. Raises `EngineError` (`invalid_values`) where its lists are nested deeper than pydantic reads.

    The server takes lists from JSON that are deeper, since there another parser reads them.
    """
    try:
        return model.model_validate_json(payload)
    except ValidationError as error:
        if TOO_DEEP not in str(error):
            raise
        message = "The lists are nested much too deep; expected the shape of an input."
        raise EngineError("invalid_values", message) from error
