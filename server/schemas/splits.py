"""Splits of data sets, as the API takes them."""

from pydantic import BaseModel, ConfigDict, JsonValue

from engine.training.split_settings import ComputedSplit, SplitName


class SplitTrial(BaseModel):
    """How to divide a data set that is loaded with these arguments."""

    model_config = ConfigDict(extra="forbid")

    arguments: dict[str, JsonValue] = {}
    definition: ComputedSplit


class NewSplit(SplitTrial):
    """A split to be stored. A run names it by `{"kind": "stored", "name": …}`."""

    name: SplitName
