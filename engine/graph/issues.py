"""What can be wrong with a graph, said so that a person can mend it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

Severity = Literal["error", "warning"]


class Change(BaseModel):
    """One operation of RFC 6902 on `{"graph": …, "training": …}`: the graph document and the run's config.

    A `test` says what has to stand at its path, or the whole patch does not apply any more.
    """

    model_config = ConfigDict(frozen=True)

    op: Literal["add", "remove", "replace", "test"]
    path: str
    value: JsonValue = None


class Fix(BaseModel):
    """A change that would mend an issue, to be made with one click. `label` is what the button says."""

    model_config = ConfigDict(frozen=True)

    label: str
    changes: list[Change]


class Issue(BaseModel):
    """One thing that is wrong.

    `code` is stable and for programs, `message` says what was expected and what came, `hint` says what to do. `node`,
    `layer` and `edge` name the piece of the document at fault, `argument` the argument (of the layer or of the call),
    or for a training config the path of the setting (`compile.loss`). Inside a nested graph, `within` are the ids of
    the layers that lead to it, the outermost first, and the other ids are those of the nested graph. `fixes` are ways
    to mend it, the likeliest first.
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
    within: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()
