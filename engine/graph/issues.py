"""What can be wrong with a graph, said so that a person can mend it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Severity = Literal["error", "warning"]


class Issue(BaseModel):
    """One thing that is wrong.

    `code` is stable and for programs, `message` says what was expected and what came, `hint` says what to do. `node`,
    `layer` and `edge` name the piece of the document at fault, `argument` the argument (of the layer or of the call),
    or for a training config the path of the setting (`compile.loss`).
    """

    model_config = ConfigDict(frozen=True)

    code: str
    message: str
    severity: Severity = "error"
    node: str | None = None
    layer: str | None = None
    edge: str | None = None
    argument: str | None = None
    hint: str | None = None
