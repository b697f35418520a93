"""Keras's errors, said as one sentence with the argument at fault and a hint."""

import difflib
import inspect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from engine.layers.operations import name_class
from engine.models.faults import LayerError, clean_text, describe_value
from engine.models.tensors import Spec

MAX_MESSAGE = 600
ANSI_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
PATH = re.compile(r"(?:[A-Za-z]:)?[/\\][^\s'\"`]*(?:site-packages|\.py\b)[^\s'\"`]*")
WRAPPERS = ("Exception encountered: ", "Error encountered:\n\n", "Original exception:\n\n")
"""What Keras puts between its own remark and the message of the error that it passes on."""

UNKNOWN_ARGUMENTS = re.compile(r"[Uu]nrecognized keyword arguments.*?\{(.*)\}", re.DOTALL)
UNEXPECTED_ARGUMENT = re.compile(r"got an unexpected keyword argument '([^']*)'")
MISSING_ARGUMENTS = re.compile(r"missing (?:\d+|a) required (?:(?:positional|keyword-only) )?arguments?: (.*)$")
MISSING_CALL_ARGUMENT = re.compile(r"missing a required argument: '([^']*)'")

CHANGE_RANK = "Put a Reshape, Flatten or pooling layer in between, or connect another tensor."
FIX_SIZES = "Give the input a size in every dimension but the batch, or pool over the unknown ones."
SHRINK_WINDOW = "Take a smaller kernel, pool or stride, padding='same', or a larger input."
ALIGN_SHAPES = "Make the shapes equal, with a Dense, Reshape or padding layer before the merge."
HINTS: tuple[tuple[str, str], ...] = (
    (r"expected (?:min_|max_)?ndim=", CHANGE_RANK),
    (r"fully-defined \(no `None`", FIX_SIZES),
    (r"size would be (?:zero or )?negative|[Nn]egative dimension size", SHRINK_WINDOW),
    (r"matching shapes except for the concatenation axis", "Make the shapes equal but for the axis, or set `axis`."),
    (r"incompatible shapes|broadcast", ALIGN_SHAPES),
    (r"should be called on a list|at least (?:2|1|two)", "Connect all tensors to the same argument of the layer."),
    (r"expected axis .* to have value|expected shape=", "Connect a tensor of the shape that the layer expects."),
    (r"Invalid dtype", "Take a dtype such as float32, int32 or bool."),
    (r"Could not interpret", "Take one of the names in the catalogue."),
    (r"must be unchanged", "Give a target shape with the same number of elements."),
)
"""What usually helps, by a piece of Keras's message."""


@dataclass(frozen=True)
class Culprit:
    """The one argument that keeps a layer from being made, and what it would have to be, where that is known."""

    argument: str
    expected: str | None = None


def explain_constructor_error(
    layer_class: type, config: Mapping[str, JsonValue], error: Exception, culprit: Culprit | None = None
) -> LayerError:
    """The fault of a layer that cannot be made from its config."""
    text, name = read_message(error), name_class(layer_class)
    known = list_constructor_arguments(layer_class)
    unknown = _unknown_arguments(text)
    if MISSING_ARGUMENTS.search(text):
        unknown = [argument for argument in config if argument not in known] or unknown
    if unknown:
        return explain_unknown_argument(layer_class, unknown[0], config)
    if missing := MISSING_ARGUMENTS.search(text):
        argument = re.findall(r"'([^']+)'", missing[1])[0]
        return LayerError(
            "missing_argument",
            f"{name} needs the argument {argument!r}, which is not given.",
            f"Set {argument!r}.",
            argument,
        )
    argument = culprit.argument if culprit else _named_argument(text, config) or _quoted_argument(text, known)
    if argument is None:
        return LayerError("invalid_layer", f"{name} cannot be made: {text}", _hint(text))
    if not _mentions(text, argument):
        reason = f"; expected {culprit.expected}." if culprit and culprit.expected else f": {text}"
        text = f"{name} does not accept {argument}={describe_value(config.get(argument))}{reason}"
    return LayerError("invalid_argument", text, _hint(text) or f"Change {argument!r}.", argument)


def explain_unknown_argument(layer_class: type, argument: str, config: Mapping[str, JsonValue]) -> LayerError:
    """The fault of an argument that the layer does not have."""
    known = list_constructor_arguments(layer_class)
    close = difflib.get_close_matches(argument, known, n=1)
    own = [name for name in known if name not in ("name", "trainable")]
    return LayerError(
        "unknown_argument",
        f"{name_class(layer_class)} has no argument {argument!r} (it got {describe_value(config.get(argument))});"
        f" expected one of {', '.join(own)}.",
        f"Did you mean {close[0]!r}?" if close else "Take it out.",
        clean_text(argument),
    )


def list_constructor_arguments(layer_class: type) -> list[str]:
    """The names that the class and its bases take by keyword, the class's own first, as their signatures say."""
    names: dict[str, None] = {}
    for base in layer_class.__mro__:
        if "__init__" not in vars(base) or base is object:
            continue
        parameters = list(inspect.signature(vars(base)["__init__"]).parameters.values())[1:]
        names |= dict.fromkeys(p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY))
        if not any(p.kind is p.VAR_KEYWORD for p in parameters):
            break
    return list(names)


def explain_call_error(
    class_name: str, config: Mapping[str, JsonValue], error: Exception, inputs: Sequence[Spec]
) -> LayerError:
    """The fault of a call that Keras refuses; the message says what came in."""
    text = read_message(error)
    if isinstance(error, TypeError) and (unknown := UNEXPECTED_ARGUMENT.search(text)):
        return LayerError(
            "unknown_call_argument",
            f"{class_name} cannot be called with {unknown[1]!r}; its call has no such argument.",
            "Connect the tensor to another argument.",
            clean_text(unknown[1]),
        )
    if isinstance(error, TypeError) and (missing := MISSING_CALL_ARGUMENT.search(text)):
        return LayerError(
            "missing_argument",
            f"{class_name} needs the call argument {missing[1]!r}, to which nothing is connected.",
            f"Connect a tensor to {missing[1]!r}.",
            clean_text(missing[1]),
        )
    shapes = [str(spec.shape) for spec in inputs]
    if shapes and not any(shape in text for shape in shapes):
        text = f"{text.rstrip('.')}. Received {', '.join(shapes)}."
    return LayerError(
        "invalid_input", f"{class_name} cannot be called: {text}", _hint(text), _named_argument(text, config)
    )


def read_message(error: Exception) -> str:
    """What an exception says, on one line, without colours, stack traces, paths and the layers of wrapping."""
    text = ANSI_COLOUR.sub("", str(error))
    if text.startswith("Exception encountered when calling"):
        text = text.split("\n\n", 1)[-1]
    text = text.split("\n\nArguments received by", 1)[0]
    for wrapper in WRAPPERS:
        text = text.rsplit(wrapper, 1)[-1]
    text = clean_text(PATH.sub("a file", text)).replace(" with name 'None'", "")
    if isinstance(error, RecursionError):
        text = "the values are nested too deeply."
    elif isinstance(error, OverflowError):
        text = f"a number is too large ({text})."
    elif isinstance(error, KeyError):
        text = f"nothing is known by the name {text}."
    return text[:MAX_MESSAGE] or type(error).__name__


def _unknown_arguments(text: str) -> list[str]:
    if found := UNKNOWN_ARGUMENTS.search(text):
        return re.findall(r"'([^']*)':", found[1])
    return UNEXPECTED_ARGUMENT.findall(text)


def _named_argument(text: str, config: Mapping[str, JsonValue]) -> str | None:
    """The argument that Keras's message names, where it names exactly one of those that are set."""
    received = [name for name in config if re.search(rf"(?:Received|received)[^.]*?\b{re.escape(name)}=", text)]
    spoken = [name for name in config if _mentions(text, name)]
    for found in (received, spoken):
        if len(found) == 1:
            return found[0]
    return _quoted_argument(text, list(config))


def _quoted_argument(text: str, names: Sequence[str]) -> str | None:
    """The one name that the message has in quotes, as Keras writes arguments."""
    quoted = [name for name in names if re.search(rf"[`'\"]{re.escape(name)}[`'\"]", text)]
    return quoted[0] if len(quoted) == 1 else None


def _mentions(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _hint(text: str) -> str | None:
    return next((hint for pattern, hint in HINTS if re.search(pattern, text)), None)
