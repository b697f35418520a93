"""The arguments of Keras's `ImageDataGenerator`: which of them layers can express, and what values they take."""

import inspect
import math
from collections.abc import Mapping
from functools import cache

import keras
from keras.src.legacy.preprocessing.image import ImageDataGenerator
from pydantic import JsonValue

from engine.layers.schema import Argument, Kind
from engine.training.augmentation.schema import AugmentationForm
from engine.training.keras_objects import ConfigIssues, suggest_name

Values = dict[str, JsonValue]
"""A value for every argument that layers can express, checked."""

NORMALIZE_EACH = "Put a LayerNormalization over all axes of the picture, without center and scale, into the model."
FIT_A_LAYER = "Put a Normalization layer behind the input: it is fitted to the training data."

UNAVAILABLE: dict[str, str] = {
    "featurewise_center": FIT_A_LAYER,
    "featurewise_std_normalization": FIT_A_LAYER,
    "samplewise_center": NORMALIZE_EACH,
    "samplewise_std_normalization": NORMALIZE_EACH,
    "zca_whitening": "Keras has no layer that whitens; whiten the data before it is sent.",
    "zca_epsilon": "It belongs to zca_whitening, for which Keras has no layer.",
    "preprocessing_function": "Put operations, or an Expression layer, behind the input.",
    "data_format": "Set data_format in each of the layers.",
    "validation_split": "Set it in the training's settings: fit.validation_split.",
    "dtype": "Layers compute in the precision of the training.",
}
"""The arguments that no layer stands for, and what to do instead."""


def _number(name: str, text: str, minimum: float | None = 0, maximum: float | None = None) -> Argument:
    return Argument(name=name, kinds=["float"], minimum=minimum, maximum=maximum, help=text)


def _pair(name: str, text: str, *others: Kind) -> Argument:
    return Argument(name=name, kinds=[*others, "tuple"], items=["float"], lengths=[2], minimum=0, help=text)


def _switch(name: str, text: str) -> Argument:
    return Argument(name=name, kinds=["boolean"], help=text)


@cache
def _describe_available() -> dict[str, Argument]:
    fill_modes = list(keras.layers.RandomRotation._SUPPORTED_FILL_MODE)  # noqa: SLF001 - Keras says it nowhere else
    described = [
        _number("rotation_range", "Degrees by which pictures are turned at most, to either side.", maximum=360),
        _number("width_shift_range", "Sideways at most, as a part of the width; from 1 on, in pixels."),
        _number("height_shift_range", "Up or down at most, as a part of the height; from 1 on, in pixels."),
        _pair("brightness_range", "From how dark to how bright: (0.8, 1.2) is a fifth darker to a fifth brighter."),
        _number("shear_range", "Degrees by which pictures are slanted at most, to either side.", maximum=90),
        _pair(
            "zoom_range", "How much larger or smaller at most: 0.2, or from which to which size as (0.8, 1.2).", "float"
        ),
        _number("channel_shift_range", "How much is added to, or taken from, all pixels at most."),
        Argument(
            name="fill_mode", kinds=["choice"], choices=[*fill_modes], help="What fills the parts that become empty."
        ),
        _number("cval", "With what they are filled where fill_mode is constant.", minimum=None),
        _switch("horizontal_flip", "Half of the pictures are mirrored: left becomes right."),
        _switch("vertical_flip", "Half of the pictures are turned upside down."),
        Argument(name="rescale", kinds=["float"], help="By what all pixels are multiplied in the end, such as 1/255."),
        Argument(
            name="interpolation_order",
            kinds=["integer"],
            minimum=0,
            maximum=1,
            help="0 takes the nearest pixel, 1 a mixture of the nearest ones.",
        ),
    ]
    given = {one.name: one for one in described}
    defaults = read_defaults()
    return {
        name: given[name].model_copy(update={"default": default, "nullable": default is None})
        for name, default in defaults.items()
        if name in given
    }


@cache
def read_defaults() -> dict[str, JsonValue]:
    """All arguments of `ImageDataGenerator` with their defaults, in its order."""
    return {name: one.default for name, one in inspect.signature(ImageDataGenerator).parameters.items()}


def describe_augmentation() -> AugmentationForm:
    """The form for a person."""
    return AugmentationForm(arguments=list(_describe_available().values()), unavailable=UNAVAILABLE)


def check_arguments(given: Mapping[str, JsonValue]) -> Values:
    """A value for every argument: as given, otherwise the default.

    Raises `ConfigError` with an issue at `arguments.<name>` for each that is unknown, cannot be expressed, or has a
    value that it does not take.
    """
    problems = ConfigIssues()
    available, defaults = _describe_available(), read_defaults()
    for name, value in given.items():
        place = f"arguments.{name}"
        if name not in defaults:
            message = f"ImageDataGenerator has no argument {name!r}; expected one of {', '.join(available)}."
            problems.add("unknown_argument", place, message, suggest_name(name, list(available)))
        elif name not in available:
            if value != defaults[name]:
                problems.add("cannot_express", place, f"No layer of Keras stands for {name!r}.", UNAVAILABLE[name])
        elif expected := _explain_misfit(available[name], value):
            problems.add("invalid_argument", place, f"Received {value!r} for {name!r}; expected {expected}.")
    problems.raise_if_any()
    return {name: given.get(name, argument.default) for name, argument in available.items()}


def leave_out_defaults(values: Mapping[str, JsonValue]) -> Values:
    """Those that say something."""
    defaults = read_defaults()
    return {name: value for name, value in values.items() if value != defaults[name]}


def _explain_misfit(argument: Argument, value: JsonValue) -> str | None:
    """What would fit; None where the value does."""
    kinds = argument.kinds
    if value is None and argument.nullable:
        return None
    if "boolean" in kinds:
        return None if isinstance(value, bool) else "true or false"
    if "choice" in kinds:
        return None if value in argument.choices else f"one of {', '.join(map(str, argument.choices))}"
    limits = _write_limits(argument)
    if "tuple" in kinds and isinstance(value, list):
        fits = len(value) == 2 and all(_is_within(argument, one) for one in value)
        in_order = fits and value[0] <= value[1]  # type: ignore[operator]
        return None if in_order else f"two numbers{limits}, the smaller one first"
    if "float" in kinds and _is_within(argument, value):
        return None
    if "integer" in kinds and isinstance(value, int) and _is_within(argument, value):
        return None
    words = {"float": "a finite number", "integer": "a whole number", "tuple": "two numbers"}
    return " or ".join(words[kind] for kind in kinds) + limits


def _is_within(argument: Argument, value: JsonValue) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return False
    return (argument.minimum is None or value >= argument.minimum) and (
        argument.maximum is None or value <= argument.maximum
    )


def _write_limits(argument: Argument) -> str:
    if argument.maximum is not None:
        return f" from {argument.minimum:g} to {argument.maximum:g}"
    return "" if argument.minimum is None else f", {argument.minimum:g} or more"
