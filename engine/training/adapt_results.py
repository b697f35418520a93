"""What fitting a drawing's layers to data answers. Imports no Keras: the server serves it."""

from pydantic import BaseModel

from engine.graph.issues import Change


class Adaptation(BaseModel):
    """What preprocessing layers learned from the training samples.

    `changes` is a JSON Patch (RFC 6902) on `{"graph": …}` that puts it into the drawing; a `test` in it fails where the
    layer is no longer there. `learned` says it in words, `samples` is how many were looked at.
    """

    changes: list[Change]
    learned: list[str]
    samples: int
