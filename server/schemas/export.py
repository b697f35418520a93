"""The file formats that a model can be exported to."""

from typing import Literal

ExportFormat = Literal["keras", "h5", "json", "python", "dot", "svg"]
