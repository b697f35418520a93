"""A PNG or JPEG file as an array for a model whose input is an image."""

import struct
from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from engine.errors import EngineError
from engine.evaluation.incoming.received import Received

MOST_PIXELS = 40_000_000
"""Of the file: what is larger is refused before anything is decoded."""

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
HEADER = struct.Struct(">8s4s4sII")
WHITE = 255.0
GREY = (1, 3)


def read_image(
    content: bytes, inputs: Sequence["keras.KerasTensor"], limits: tuple[float, float], *, invert: bool = False
) -> Received:
    """The image in the size of the model's only input, with numbers from black to white, the two `limits`.

    Raises `EngineError`: `no_image_input`, `invalid_image`, `too_large`.
    """
    shape = _find_image_shape(inputs)
    width, height = measure_image(content)
    if width * height > MOST_PIXELS:
        raise EngineError(
            "too_large",
            f"The image has {width:,} × {height:,} pixels; expected at most {MOST_PIXELS:,} in all.",
            "Make it smaller first.",
        )
    channels = shape[2] if len(shape) > 2 else 1
    try:
        decoded = tf.io.decode_image(content, channels=channels, expand_animations=False)
    except (tf.errors.InvalidArgumentError, tf.errors.UnimplementedError) as error:
        raise EngineError("invalid_image", "The image cannot be decoded: the file is damaged.") from error
    pixels = keras.ops.convert_to_numpy(
        keras.ops.image.resize(tf.cast(decoded, "float32"), shape[:2], interpolation="bilinear", antialias=True)
    )
    low, high = limits
    share = np.clip(pixels / WHITE, 0, 1)
    numbers = low + (1 - share if invert else share) * (high - low)
    dtype = keras.backend.standardize_dtype(inputs[0].dtype)
    array = np.asarray(numbers.round() if "int" in dtype else numbers, dtype=dtype).reshape([1, *shape])
    remark = (
        f"The image of {width} × {height} pixels was brought to {shape[1]} × {shape[0]}"
        f"{', in grey' if channels == 1 else ''}, with numbers from {low:g} ({'white' if invert else 'black'}) to"
        f" {high:g} ({'black' if invert else 'white'})."
    )
    return Received([array], [remark])


def measure_image(content: bytes) -> tuple[int, int]:
    """Width and height in pixels, read from the file's header. Raises `EngineError` `invalid_image`."""
    if content.startswith(PNG):
        if len(content) < HEADER.size:
            raise EngineError("invalid_image", "The PNG file ends within its header.")
        _, _, kind, width, height = HEADER.unpack_from(content)
        if kind != b"IHDR" or not width or not height:
            raise EngineError("invalid_image", "The PNG file is damaged: its header says no size.")
        return width, height
    if content.startswith(JPEG):
        try:
            height, width, _ = (int(size) for size in tf.io.extract_jpeg_shape(content))
        except tf.errors.InvalidArgumentError as error:
            raise EngineError("invalid_image", "The JPEG file is damaged: its header says no size.") from error
        return width, height
    raise EngineError(
        "invalid_image",
        f"The file is neither PNG nor JPEG: it begins with {content[:8]!r}.",
        "Send one image as a PNG or JPEG file.",
    )


def _find_image_shape(inputs: Sequence["keras.KerasTensor"]) -> list[int]:
    """Height, width and, where the input has them, channels."""
    shape = list(inputs[0].shape[1:])
    fits = len(shape) in (2, 3) and None not in shape and (len(shape) == 2 or shape[2] in GREY)
    if len(inputs) != 1 or not fits:
        said = ", ".join(f"{tensor.name!r} of shape {list(tensor.shape[1:])}" for tensor in inputs)
        raise EngineError(
            "no_image_input",
            f"The model takes {said}; expected one input of height × width, with 1 or 3 channels.",
            "Send the numbers as JSON or CSV.",
        )
    return shape
