"""The kinds of file that a model can be exported to, and what can be said of them beforehand. Imports no Keras."""

from typing import Literal

from pydantic import BaseModel, JsonValue

from engine.graph.issues import Issue

FormatGroup = Literal["keras", "code", "interchange", "drawing"]

PROTOBUF_BYTES = 2**31 - 2**20
"""ONNX (a protobuf) and LiteRT (a flatbuffer) count their bytes in 31 bits; a little is left for what is no weight."""


class FileFormat(BaseModel):
    """One kind of file. `max_bytes` is what the weights in one may take, None where the engine's own limit holds."""

    name: str
    title: str
    group: FormatGroup
    media_type: str
    extension: str
    holds_weights: bool = False
    max_bytes: int | None = None


class ExportChoice(FileFormat):
    """A kind of file and what is known without writing it: `obstacles` keep the model out of it, `warnings` do not.

    What only a converter knows is not among them; it is told when the export is asked for.
    """

    obstacles: list[Issue] = []
    warnings: list[Issue] = []


class DrawingOption(BaseModel):
    """An argument of Keras's drawing. `choices` are the values that Keras's documentation names, empty for any."""

    name: str
    kind: Literal["boolean", "number", "text"]
    default: JsonValue
    choices: list[str] = []
    help: str = ""


class ExportChoices(BaseModel):
    """All kinds of files for one graph. `issues` are what keeps the graph from being built, and so from every file.

    `weights_issues` say why the weights that are kept with the model do not fit it, and so go into no file.
    """

    issues: list[Issue] = []
    weights_issues: list[Issue] = []
    formats: list[ExportChoice]
    drawing_options: list[DrawingOption]


FORMATS: dict[str, FileFormat] = {
    one.name: one
    for one in (
        FileFormat(
            name="keras",
            title="Keras model",
            group="keras",
            media_type="application/zip",
            extension=".keras",
            holds_weights=True,
        ),
        FileFormat(
            name="h5",
            title="HDF5 model",
            group="keras",
            media_type="application/x-hdf5",
            extension=".h5",
            holds_weights=True,
        ),
        FileFormat(
            name="weights",
            title="Weights alone",
            group="keras",
            media_type="application/x-hdf5",
            extension=".weights.h5",
            holds_weights=True,
        ),
        FileFormat(name="json", title="Keras JSON", group="keras", media_type="application/json", extension=".json"),
        FileFormat(name="python", title="Python code", group="code", media_type="text/x-python", extension=".py"),
        FileFormat(
            name="savedmodel",
            title="TensorFlow SavedModel",
            group="interchange",
            media_type="application/zip",
            extension=".savedmodel.zip",
            holds_weights=True,
        ),
        FileFormat(
            name="onnx",
            title="ONNX",
            group="interchange",
            media_type="application/octet-stream",
            extension=".onnx",
            holds_weights=True,
            max_bytes=PROTOBUF_BYTES,
        ),
        FileFormat(
            name="litert",
            title="LiteRT (TensorFlow Lite)",
            group="interchange",
            media_type="application/octet-stream",
            extension=".tflite",
            holds_weights=True,
            max_bytes=PROTOBUF_BYTES,
        ),
        FileFormat(name="dot", title="Graphviz", group="drawing", media_type="text/vnd.graphviz", extension=".dot"),
        FileFormat(name="svg", title="SVG drawing", group="drawing", media_type="image/svg+xml", extension=".svg"),
        FileFormat(name="png", title="PNG picture", group="drawing", media_type="image/png", extension=".png"),
    )
}
"""Every kind of file by name, in the order in which they are offered."""
