"""What became of a model that was taken back to a checkpoint."""

from pydantic import BaseModel

from server.schemas.model import ModelPublic, VersionPublic


class RestoreReceipt(BaseModel):
    """The model after a checkpoint was restored to it: its draft is `version`, its weights are the checkpoint's.

    `is_new_model` says that the run's model was deleted, so that a new one was made. `saved_draft` is the version that
    was made of the draft as it was before, None where it was one already, or empty.
    """

    model: ModelPublic
    version: VersionPublic
    is_new_model: bool
    saved_draft: VersionPublic | None
