"""The layers that stand behind an input, read as arguments of `ImageDataGenerator`, and changed to say others."""

from keras.src.utils.naming import to_snake_case
from pydantic import JsonValue

from engine.data.value_range import Range
from engine.graph.document import Graph
from engine.graph.topology import Topology
from engine.training.augmentation.chain import insert_after, list_chain, take_out
from engine.training.augmentation.reading import Read, read_layer, read_value_range
from engine.training.augmentation.translating import Part, Planned

BRIGHTENING: tuple[Part, ...] = ("channel_shift", "brightness")
FLIPS: tuple[Part, ...] = ("horizontal_flip", "vertical_flip")

MANAGED = {
    "factor", "height_factor", "width_factor", "x_factor", "y_factor", "value_range", "mode", "scale", "offset",
    "fill_mode", "fill_value", "interpolation",
}  # fmt: skip
"""What arguments of `ImageDataGenerator` say of a layer; the rest of its config stays."""


class Drawn:
    """What stands behind an input: the layers that can be read, by node, and what of them cannot."""

    def __init__(self, graph: Graph, input_node: str):
        self.graph = graph
        self.input_node = input_node
        topology = Topology(graph)
        self.layers = {
            node_id: topology.layers[topology.nodes[node_id].layer] for node_id in list_chain(graph, input_node)
        }
        self.read: dict[str, Read] = {}
        self.kept: list[str] = []
        taken: set[Part] = set()
        for node_id, layer in self.layers.items():
            read = read_layer(layer)
            if read is not None and not taken & {*read.parts}:
                taken |= {*read.parts}
                self.read[node_id] = read
            elif layer.class_name.startswith("Random"):
                self.kept.append(f"The layer {layer.keras_name!r} ({layer.class_name}) stays as it is.")

    @property
    def arguments(self) -> dict[str, JsonValue]:
        """What the layers say. Where they fill empty parts in several ways it is the first one's."""
        fillings = [read.filling for read in self.read.values() if read.filling is not None]
        found = dict(fillings[0]) if fillings else {}
        for read in self.read.values():
            found |= read.arguments
        return found

    @property
    def remarks(self) -> list[str]:
        fillings = [read.filling for read in self.read.values() if read.filling is not None]
        several = ["The layers fill empty parts in different ways; shown is that of the first one."]
        return [*(several if any(one != fillings[0] for one in fillings) else []), *self.kept]

    def find_limits(self, limits: Range) -> Range:
        """Black and white where a layer for brightness stands, or would."""
        for node_id, read in self.read.items():
            if set(read.parts) & {*BRIGHTENING}:
                return read_value_range(self.layers[node_id])
            if read.parts == ("rescale",) and any(self._is_random(one) for one in self._behind(node_id)):
                scale = float(str(read.arguments["rescale"]))
                limits = (limits[0] * scale, limits[1] * scale)
        return limits

    def change(self, planned: list[Planned]) -> tuple[Graph, dict[str, Planned]]:
        """The graph with just these layers, and which node each of them became."""
        free = dict(self.read)
        places: dict[str, Planned] = {}
        missing: list[Planned] = []
        both = next((node_id for node_id, read in free.items() if read.parts == FLIPS), None)
        if both is not None and {*FLIPS} <= {one.part for one in planned}:
            free.pop(both)
            planned = [one for one in planned if one.part not in FLIPS]
        for wanted in planned:
            node_id = next((one for one, read in free.items() if wanted.part in read.parts), None)
            if node_id is None:
                missing.append(wanted)
            else:
                free.pop(node_id)
                places[node_id] = wanted
        graph = self.graph
        for node_id, wanted in places.items():
            layer = self.layers[node_id]
            config = {**{key: value for key, value in layer.config.items() if key not in MANAGED}, **wanted.config}
            if wanted.part == "zoom" and layer.config.get("width_factor") is None:
                # It keeps the proportions of a picture, and goes on doing so.
                config.pop("width_factor", None)
            layers = [one.model_copy(update={"config": config}) if one.id == layer.id else one for one in graph.layers]
            graph = graph.model_copy(update={"layers": layers})
        for node_id in free:
            graph = take_out(graph, node_id)
        kept = [node_id for node_id in self.layers if node_id not in free]
        anchor = next((one for one in reversed(kept) if self._is_random(one)), self.input_node)
        for wanted in missing:
            if wanted.part == "rescale":
                anchor = next(reversed(list_chain(graph, self.input_node)), self.input_node)
            wanted_id = to_snake_case(wanted.class_name)
            graph, anchor = insert_after(graph, anchor, wanted.class_name, wanted.config, wanted_id)
            places[anchor] = wanted
        return graph, places

    def _is_random(self, node_id: str) -> bool:
        return self.layers[node_id].class_name.startswith("Random")

    def _behind(self, node_id: str) -> list[str]:
        nodes = list(self.layers)
        return nodes[nodes.index(node_id) + 1 :]
