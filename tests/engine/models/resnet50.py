"""ResNet50 drawn layer by layer, because its costs are known."""

from pydantic import JsonValue

from engine.graph.document import Graph, Layer
from tests.engine.models.sketch import Sketch, Source

STAGES = ((64, 3), (128, 4), (256, 6), (512, 3))
"""Filters and blocks, as in He et al. 2015 (arXiv 1512.03385), table 1."""


def draw_resnet50() -> Graph:
    """For images of 224 × 224 pixels, with the layers and connections of `keras.applications`."""
    drawing = _Drawing()
    last = drawing.add("InputLayer", shape=[224, 224, 3])
    last = drawing.add("ZeroPadding2D", last, padding=3)
    last = drawing.convolve(last, filters=64, kernel_size=7, strides=2)
    last = drawing.add("ZeroPadding2D", last, padding=1)
    last = drawing.add("MaxPooling2D", last, pool_size=3, strides=2)
    for stage, (filters, blocks) in enumerate(STAGES):
        for block in range(blocks):
            strides = 2 if stage and not block else 1
            last = drawing.add_bottleneck(last, filters, strides, widens=not block)
    last = drawing.add("GlobalAveragePooling2D", last)
    drawing.add("Dense", last, units=1000, activation="softmax")
    return drawing.sketch.graph


class _Drawing:
    def __init__(self) -> None:
        self.sketch = Sketch()

    def add(self, class_name: str, inputs: str | list[str] | None = None, **config: JsonValue) -> str:
        name = f"{class_name.lower()}_{len(self.sketch.graph.layers)}"
        sources: Source | list[Source] | None = [*inputs] if isinstance(inputs, list) else inputs
        self.sketch.graph.layers.append(Layer(id=name, class_name=class_name, config=config))
        return self.sketch.call(name, sources, node=name)

    def convolve(self, source: str, *, activated: bool = True, **config: JsonValue) -> str:
        last = self.add("BatchNormalization", self.add("Conv2D", source, **config))
        return self.add("Activation", last, activation="relu") if activated else last

    def add_bottleneck(self, source: str, filters: int, strides: int, *, widens: bool) -> str:
        shortcut = source
        if widens:
            shortcut = self.convolve(source, filters=4 * filters, kernel_size=1, strides=strides, activated=False)
        last = self.convolve(source, filters=filters, kernel_size=1, strides=strides)
        last = self.convolve(last, filters=filters, kernel_size=3, padding="same")
        last = self.convolve(last, filters=4 * filters, kernel_size=1, activated=False)
        return self.add("Activation", self.add("Add", [shortcut, last]), activation="relu")
