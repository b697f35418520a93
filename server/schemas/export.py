"""The file formats that a model can be exported to."""

from typing import Literal

ExportFormat = Literal[
    "keras", "h5", "weights", "json", "python", "savedmodel", "onnx", "litert", "dot", "svg", "png"
]  # fmt: skip
"""The names in `engine.models.formats.FORMATS`, written out for the API's document."""

ExportWeights = Literal["model", "new"]
"""Whether an exported model gets the weights that are kept with it, or freshly initialised ones."""
