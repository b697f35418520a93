"""The graphs that are measured, drawn layer by layer: nothing here comes from a template."""

from collections.abc import Sequence
from dataclasses import dataclass, field

Json = dict[str, object]


@dataclass
class Drawing:
    """A graph document in the making."""

    layers: list[Json] = field(default_factory=list)
    nodes: list[Json] = field(default_factory=list)
    edges: list[Json] = field(default_factory=list)

    def add(self, class_name: str, sources: Sequence[str] = (), **config: object) -> str:
        """Calls a new layer on the outputs of `sources` (as a list, where there are several). Returns its id."""
        name = f"{class_name.lower()}_{len(self.layers)}"
        self.layers.append({"id": name, "class_name": class_name, "config": config})
        self.nodes.append({"id": name, "layer": name})
        for index, source in enumerate(sources):
            path = [index] if len(sources) > 1 else []
            edge: Json = {"id": f"{source}-{name}", "source": source, "target": name, "path": path}
            self.edges.append(edge)
        return name

    def to_json(self) -> Json:
        return {"format": 1, "layers": self.layers, "nodes": self.nodes, "edges": self.edges}


def draw_digits_mlp() -> Json:
    """8×8 pixels, two hidden layers, ten digits."""
    drawing = Drawing()
    last = drawing.add("InputLayer", shape=[8, 8, 1])
    last = drawing.add("Flatten", [last])
    for units in (64, 32):
        last = drawing.add("Dense", [last], units=units, activation="relu")
    drawing.add("Dense", [last], units=10, activation="softmax")
    return drawing.to_json()


def draw_chain(length: int, activation: str) -> Json:
    """Dense after Dense, each wider than the one before."""
    drawing = Drawing()
    last = drawing.add("InputLayer", shape=[8])
    for index in range(1, length):
        last = drawing.add("Dense", [last], units=8 + index, activation=activation)
    return drawing.to_json()


def draw_resnet50(image_size: int) -> Json:
    """ResNet50's layers and connections (He et al. 2015, arXiv 1512.03385, table 1), as in keras.applications."""
    drawing = Drawing()
    last = drawing.add("InputLayer", shape=[image_size, image_size, 3])
    last = drawing.add("ZeroPadding2D", [last], padding=3)
    last = _draw_convolution(drawing, last, filters=64, kernel_size=7, strides=2, padding="valid")
    last = drawing.add("ZeroPadding2D", [last], padding=1)
    last = drawing.add("MaxPooling2D", [last], pool_size=3, strides=2)
    for stage, (filters, blocks) in enumerate(zip((64, 128, 256, 512), (3, 4, 6, 3), strict=True)):
        for block in range(blocks):
            strides = 2 if stage and not block else 1
            last = _draw_bottleneck(drawing, last, filters, strides, widens=not block)
    last = drawing.add("GlobalAveragePooling2D", [last])
    drawing.add("Dense", [last], units=1000, activation="softmax")
    return drawing.to_json()


def _draw_convolution(drawing: Drawing, source: str, *, activated: bool = True, **config: object) -> str:
    last = drawing.add("Conv2D", [source], **config)
    last = drawing.add("BatchNormalization", [last])
    return drawing.add("Activation", [last], activation="relu") if activated else last


def _draw_bottleneck(drawing: Drawing, source: str, filters: int, strides: int, *, widens: bool) -> str:
    shortcut = source
    if widens:
        shortcut = _draw_convolution(
            drawing, source, filters=4 * filters, kernel_size=1, strides=strides, activated=False
        )
    last = _draw_convolution(drawing, source, filters=filters, kernel_size=1, strides=strides)
    last = _draw_convolution(drawing, last, filters=filters, kernel_size=3, padding="same")
    last = _draw_convolution(drawing, last, filters=4 * filters, kernel_size=1, activated=False)
    last = drawing.add("Add", [shortcut, last])
    return drawing.add("Activation", [last], activation="relu")
