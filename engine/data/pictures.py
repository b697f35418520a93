"""Pixels as a small picture that a page shows as it is."""

import base64
import io

import numpy as np
import numpy.typing as npt
from PIL import Image


def make_data_url(pixels: npt.NDArray[np.uint8], most_side: int) -> str:
    """A PNG as a data URL of pixels (height, width), or with one or three channels, at most so large on each side."""
    image = Image.fromarray(pixels[..., 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels)
    image.thumbnail((most_side, most_side))
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")
