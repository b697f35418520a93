"""What all settings of a run have in common. Imports no Keras: the server reads them too."""

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """An unknown setting is an error, never ignored. NaN and infinities are no settings: JSON could not keep them."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
