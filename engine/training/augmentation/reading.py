"""What layers that are drawn already say, in the arguments of `ImageDataGenerator`."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from engine.data.value_range import Range
from engine.graph.document import Layer
from engine.training.augmentation.translating import CLASSES, FILLING, INTERPOLATIONS, Part, read_layer_defaults

DIGITS = 9
"""Of an argument that is read back: 0.1111… of a full turn is 40 degrees, and not 39.99999999."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a layer does, and the arguments that it stands for. `filling` are its arguments for empty parts."""

    parts: tuple[Part, ...]
    arguments: dict[str, JsonValue]
    filling: dict[str, JsonValue] | None = None


def read_layer(layer: Layer) -> Read | None:
    """What the layer does; None where it is none of ours, or does what no argument says."""
    if layer.package is not None or layer.graph is not None:
        return None
    for part, layer_class in CLASSES.items():
        if layer.class_name == layer_class.__name__:
            config = {**read_layer_defaults(part), **layer.config}
            read = _READERS[layer.class_name](config)
            if read is None:
                return None
            filling = _read_filling(config) if part in FILLING else None
            return None if part in FILLING and filling is None else Read(read.parts, read.arguments, filling)
    return None


def read_value_range(layer: Layer) -> Range:
    """What is black and white for a `RandomBrightness` layer."""
    pair = _read_pair({**read_layer_defaults("brightness"), **layer.config}.get("value_range"))
    return pair if pair is not None else (0.0, 255.0)


def _read_filling(config: Mapping[str, JsonValue]) -> dict[str, JsonValue] | None:
    interpolation = config.get("interpolation")
    if interpolation not in INTERPOLATIONS:
        return None
    order = INTERPOLATIONS.index(str(interpolation))
    return {"fill_mode": config["fill_mode"], "cval": config["fill_value"], "interpolation_order": order}


def _read_rotation(config: Mapping[str, JsonValue]) -> Read | None:
    factor = _read_even(config.get("factor"))
    return None if factor is None else Read(("rotation",), {"rotation_range": round(factor * 360, DIGITS)})


def _read_translation(config: Mapping[str, JsonValue]) -> Read | None:
    across, down = _read_even(config.get("width_factor")), _read_even(config.get("height_factor"))
    if across is None or down is None or 1 in (across, down):
        return None
    return Read(("translation",), {"width_shift_range": across, "height_shift_range": down})


def _read_shear(config: Mapping[str, JsonValue]) -> Read | None:
    across, down = _read_even(config.get("x_factor")), _read_even(config.get("y_factor"))
    if down != 0 or across is None or across > 1:
        return None
    return Read(("shear",), {"shear_range": round(math.degrees(math.asin(across)), DIGITS)})


def _read_zoom(config: Mapping[str, JsonValue]) -> Read | None:
    height, width = config.get("height_factor"), config.get("width_factor")
    if width is not None and width != height:
        return None
    if (even := _read_even(height)) is not None:
        return Read(("zoom",), {"zoom_range": even})
    pair = _read_pair(height)
    return None if pair is None else Read(("zoom",), {"zoom_range": [round(1 + one, DIGITS) for one in pair]})


def _read_flip(config: Mapping[str, JsonValue]) -> Read | None:
    parts: dict[str, tuple[Part, ...]] = {
        "horizontal": ("horizontal_flip",),
        "vertical": ("vertical_flip",),
        "horizontal_and_vertical": ("horizontal_flip", "vertical_flip"),
    }
    found = parts.get(str(config.get("mode")))
    return None if found is None else Read(found, dict.fromkeys(found, True))


def _read_brightness(config: Mapping[str, JsonValue]) -> Read | None:
    factor, limits = config.get("factor"), _read_pair(config.get("value_range"))
    if limits is None:
        return None
    if isinstance(factor, int | float):
        shift = round(abs(factor) * (limits[1] - limits[0]), DIGITS)
        return Read(("channel_shift",), {"channel_shift_range": shift})
    pair = _read_pair(factor)
    if pair is None:
        return None
    return Read(("brightness",), {"brightness_range": [round(1 + one, DIGITS) for one in pair]})


def _read_rescale(config: Mapping[str, JsonValue]) -> Read | None:
    scale = config.get("scale")
    if not isinstance(scale, int | float) or config.get("offset") != 0:
        return None
    return Read(("rescale",), {"rescale": scale})


_READERS = {
    "RandomRotation": _read_rotation,
    "RandomTranslation": _read_translation,
    "RandomShear": _read_shear,
    "RandomZoom": _read_zoom,
    "RandomFlip": _read_flip,
    "RandomBrightness": _read_brightness,
    "Rescaling": _read_rescale,
}


def _read_even(factor: JsonValue) -> float | None:
    """How far to either side; None where the sides differ."""
    if isinstance(factor, int | float) and not isinstance(factor, bool):
        return abs(factor)
    pair = _read_pair(factor)
    return None if pair is None or pair[0] != -pair[1] else pair[1]


def _read_pair(value: JsonValue) -> Range | None:
    if not isinstance(value, list) or len(value) != 2:
        return None
    numbers = [one for one in value if isinstance(one, int | float) and not isinstance(one, bool)]
    return (min(numbers), max(numbers)) if len(numbers) == 2 else None
