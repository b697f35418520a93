"""What the arguments of `ImageDataGenerator` are as layers. This is the one place that translates; `reading.py` reads
the layers back."""

import inspect
import math
from dataclasses import dataclass
from typing import Literal, cast

import keras
from pydantic import JsonValue

from engine.data.value_range import Range
from engine.training.augmentation.arguments import Values
from engine.training.keras_objects import ConfigIssues

Part = Literal[
    "rotation", "translation", "shear", "zoom", "channel_shift", "horizontal_flip", "vertical_flip", "brightness",
    "rescale",
]  # fmt: skip
"""What a layer does to a picture."""

CLASSES: dict[Part, type[keras.layers.Layer]] = {
    "rotation": keras.layers.RandomRotation,
    "translation": keras.layers.RandomTranslation,
    "shear": keras.layers.RandomShear,
    "zoom": keras.layers.RandomZoom,
    "channel_shift": keras.layers.RandomBrightness,
    "horizontal_flip": keras.layers.RandomFlip,
    "vertical_flip": keras.layers.RandomFlip,
    "brightness": keras.layers.RandomBrightness,
    "rescale": keras.layers.Rescaling,
}
"""The layers by what they do, in the order in which `ImageDataGenerator` does it."""

FILLING: tuple[Part, ...] = ("rotation", "translation", "shear", "zoom")
"""What moves pixels, so that something has to fill the parts that become empty."""

INTERPOLATIONS = ("nearest", "bilinear")
"""Keras's words for `interpolation_order` 0 and 1."""

DIGITS = 12
"""Of a factor: enough for a picture, and 40 degrees stay 40 when they are read back."""


@dataclass(frozen=True, slots=True)
class Images:
    """The pictures that are augmented: height and width, None where they differ, and what is black and white."""

    height: int | None
    width: int | None
    limits: Range


@dataclass(frozen=True, slots=True)
class Planned:
    """A layer that is wanted: what it does, its config, and the arguments that it stands for."""

    part: Part
    config: dict[str, JsonValue]
    arguments: tuple[str, ...]

    @property
    def class_name(self) -> str:
        return CLASSES[self.part].__name__


def plan_layers(values: Values, images: Images) -> tuple[list[Planned], list[str]]:
    """The layers for the arguments, in order, and where they do something else than `ImageDataGenerator` did.

    Raises `ConfigError` with issues at `arguments.<name>`.
    """
    plan = _Plan(values, images)
    plan.move_pixels()
    plan.change_pixels()
    plan.problems.raise_if_any()
    return plan.planned, plan.remarks


class _Plan:
    """The layers planned so far, and what is to be said about them."""

    def __init__(self, values: Values, images: Images):
        self.values = values
        self.numbers = {name: float(cast("float", value)) for name, value in values.items() if _is_number(value)}
        self.images = images
        self.problems = ConfigIssues()
        self.planned: list[Planned] = []
        self.remarks: list[str] = []

    def move_pixels(self) -> None:
        """Turned, shifted, slanted and zoomed."""
        if degrees := self.numbers["rotation_range"]:
            self._add("rotation", "rotation_range", factor=round(degrees / 360, DIGITS))
        across = self._to_share("width_shift_range", "width", self.images.width)
        down = self._to_share("height_shift_range", "height", self.images.height)
        if across or down:
            names = [name for name in ("width_shift_range", "height_shift_range") if self.numbers[name]]
            self._add("translation", *names, height_factor=down, width_factor=across)
        if degrees := self.numbers["shear_range"]:
            self._add("shear", "shear_range", x_factor=round(math.sin(math.radians(degrees)), DIGITS))
            self.remarks.append(
                "shear_range: RandomShear slants pictures from their upper left corner; ImageDataGenerator did it"
                " around the middle, and made them a little taller."
            )
        if factor := _to_zoom_factor(self.values["zoom_range"]):
            self._add("zoom", "zoom_range", height_factor=factor, width_factor=factor)

    def change_pixels(self) -> None:
        """Made brighter and darker, mirrored, and scaled in the end."""
        black, white = self.images.limits
        if shift := self.numbers["channel_shift_range"]:
            factor = round(shift / ((white - black) or 1), DIGITS)
            self._add("channel_shift", "channel_shift_range", factor=factor, value_range=[black, white])
        # Two layers: one for both would flip a picture both ways or not at all.
        if self.values["horizontal_flip"]:
            self._add("horizontal_flip", "horizontal_flip", mode="horizontal")
        if self.values["vertical_flip"]:
            self._add("vertical_flip", "vertical_flip", mode="vertical")
        if (brightness := self.values["brightness_range"]) is not None:
            lower, upper = cast("list[float]", brightness)
            factors: list[JsonValue] = [round(lower - 1, DIGITS), round(upper - 1, DIGITS)]
            self._add("brightness", "brightness_range", factor=factors, value_range=[black, white])
            self.remarks.append(
                "brightness_range: RandomBrightness adds to all pixels what ImageDataGenerator multiplied them by: 1.2"
                f" adds a fifth of the range from {black:g} to {white:g}."
            )
        if scale := self.values["rescale"]:
            self._add("rescale", "rescale", scale=scale)

    def _add(self, part: Part, *arguments: str, **config: JsonValue) -> None:
        filled = {**config, **(_describe_filling(self.values) if part in FILLING else {})}
        self.planned.append(Planned(part, _leave_out_defaults(part, filled), arguments))

    def _to_share(self, name: str, side: str, size: int | None) -> float:
        """A shift as a part of the size. From 1 on `ImageDataGenerator` counted pixels."""
        shift = self.numbers[name]
        if shift < 1:
            return shift
        place = f"arguments.{name}"
        if size is None:
            message = (
                f"{name} is {shift:g} pixels, and the input's {side} is not fixed; expected a part of it, below 1."
            )
            self.problems.add("cannot_express", place, message, f"Give the input a {side}, or a part such as 0.1.")
            return 0.0
        if shift > size:
            message = f"{name} is {shift:g} pixels; expected at most the input's {side} of {size}."
            self.problems.add("invalid_argument", place, message)
            return 0.0
        self.remarks.append(
            f"{name}: {shift:g} pixels are {shift / size:.3g} of the {side} of {size}; RandomTranslation draws any"
            " part, not only whole pixels."
        )
        return round(shift / size, DIGITS)


def _describe_filling(values: Values) -> dict[str, JsonValue]:
    """How pictures are filled where parts of them become empty, and how pixels between pixels are found."""
    order = cast("int", values["interpolation_order"])
    return {
        "fill_mode": values["fill_mode"],
        "fill_value": values["cval"] or 0.0,
        "interpolation": INTERPOLATIONS[order],
    }


def _leave_out_defaults(part: Part, config: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """A config without what Keras takes by itself."""
    defaults = read_layer_defaults(part)
    return {name: value for name, value in config.items() if name not in defaults or defaults[name] != value}


def read_layer_defaults(part: Part) -> dict[str, JsonValue]:
    """What the layer's constructor takes where nothing is said."""
    parameters = inspect.signature(CLASSES[part]).parameters.values()
    known = {one.name: one.default for one in parameters if one.default is not one.empty}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in known.items()}


def _to_zoom_factor(zoom: JsonValue) -> JsonValue:
    """`zoom_range` as a factor of `RandomZoom`: both say by how much more of the picture is to be seen."""
    if isinstance(zoom, list):
        lower, upper = cast("list[float]", zoom)
        return None if lower == upper == 1 else [round(lower - 1, DIGITS), round(upper - 1, DIGITS)]
    return zoom


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
