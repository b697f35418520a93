"""Turns the bytes of an image file into pixels of one size. The bytes are hostile until they are decoded."""

import io
import re
import struct
import threading
import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, UnidentifiedImageError

from engine.data.library.folders.faults import refuse, show
from engine.data.library.images.options import ColorMode, Interpolation, Resize
from engine.errors import IssuesError

FORMATS = ("BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP")

MAX_PIXELS = 64_000_000
"""Width times height of one image, of which three bytes each (four while it is converted) are held in memory."""

LARGE_PIXELS = 16_000_000
"""Images from this size on are decoded one at a time, however many threads there are."""

MAX_SCANS, BYTES_PER_SCAN = 100, 20_000
"""How many passes over its pixels a JPEG may ask for; a progressive one has ten. Each takes time and hardly any bytes.
What is attached to a photo (a film, say) looks like more of them, by chance: one in 65,536 bytes."""

ORIENTATIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What is done to see an image upright, by the number in EXIF; from 5 on width and height change places."""

METHODS: dict[Interpolation, Image.Resampling] = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
    "box": Image.Resampling.BOX,
    "hamming": Image.Resampling.HAMMING,
}

# What Pillow raises for files that are broken or made to harm; its plugins let Python's own errors through.
BROKEN = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, OverflowError, AttributeError,
    AssertionError, RuntimeError, struct.error, zlib.error, MemoryError,
)  # fmt: skip

_large = threading.Lock()

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Look:
    """What an image's header says. `width` and `height` are those that people see, after EXIF's orientation."""

    width: int
    height: int
    is_grey: bool
    has_alpha: bool
    is_animated: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """How images are to come out."""

    height: int
    width: int
    color_mode: ColorMode
    resize: Resize
    interpolation: Interpolation


def look_at(data: bytes, name: str) -> Look:
    """Reads the header only. Raises `IssuesError` (`broken_image`, `image_too_large`)."""
    with _open(data, name) as image:
        try:
            alpha = image.has_transparency_data
            # Of a TIFF all pages would be looked for.
            animated = image.format in ("GIF", "PNG", "WEBP") and bool(getattr(image, "is_animated", False))
        except BROKEN as error:
            raise _describe_broken(name, error) from error
        turned = _read_orientation(image) >= 5
        width, height = (image.height, image.width) if turned else (image.width, image.height)
        grey = image.mode in ("1", "L", "LA", "La", "I") or image.mode.startswith("I;16")
        return Look(width, height, grey, alpha, animated)


def decode(data: bytes, name: str, wish: Wish) -> Pixels:
    """The pixels, uint8 of shape `(height, width, channels)`; of an animation the first frame.

    Transparency is dropped, as `keras.utils.load_img` drops it; EXIF's orientation is carried out, which Keras leaves
    to others. 16 bits per channel become 8.

    Raises:
        IssuesError: `broken_image`, `image_too_large`, `unknown_pixels`.
    """
    with _open(data, name) as image:
        if image.width * image.height < LARGE_PIXELS:
            return _decode(image, name, wish)
        with _large:
            return _decode(image, name, wish)


def _open(data: bytes, name: str) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        received = "something else" if data else "an empty file"
        message = (
            f"The file {show(name)} is no image that can be read; expected {', '.join(FORMATS)}, received {received}."
        )
        raise refuse("broken_image", message, BROKEN_HINT) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _describe_size(name, f"{_find_number(str(error)):,} pixels") from error
    except BROKEN as error:
        raise _describe_broken(name, error) from error
    if image.width * image.height > MAX_PIXELS:
        size = f"{image.width:,} × {image.height:,} pixels"
        image.close()
        raise _describe_size(name, size)
    if image.format in ("JPEG", "MPO"):
        _refuse_scans(data, name)
    return image


def _refuse_scans(data: bytes, name: str) -> None:
    scans, most = data.count(b"\xff\xda"), MAX_SCANS + len(data) // BYTES_PER_SCAN
    if scans > most:
        message = f"The image {show(name)} is stored in {scans:,} passes; expected at most {most:,}."
        raise refuse("broken_image", message, BROKEN_HINT)


def _decode(image: Image.Image, name: str, wish: Wish) -> Pixels:
    mode = "RGB" if wish.color_mode == "rgb" else "L"
    try:
        orientation = ORIENTATIONS.get(_read_orientation(image))
        image.load()
        plain = _convert(image, name, mode)
        if orientation is not None:
            plain = plain.transpose(orientation)
        pixels = np.asarray(_fit(plain, wish), dtype=np.uint8)
    except BROKEN as error:
        raise _describe_broken(name, error) from error
    return pixels.reshape(wish.height, wish.width, 3 if mode == "RGB" else 1)


def _read_orientation(image: Image.Image) -> int:
    """EXIF's orientation; 1 is upright, which is also meant where EXIF is broken: the pixels need not be."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except BROKEN:
        return 1
    return orientation if isinstance(orientation, int) else 1


def _convert(image: Image.Image, name: str, mode: str) -> Image.Image:
    if image.mode == "I" or image.mode.startswith("I;16"):
        # Pillow would cut off whatever is above 255.
        values = np.asarray(image)
        if values.size and (values.min() < 0 or values.max() > 65_535):
            raise _describe_pixels(name, "32 bits per pixel")
        image = Image.fromarray((values >> 8).astype(np.uint8))
    elif image.mode == "F":
        raise _describe_pixels(name, "floating-point pixels")
    elif image.mode == "P" and image.has_transparency_data:
        image = image.convert("RGBA")
    return image if image.mode == mode else image.convert(mode)


def _fit(image: Image.Image, wish: Wish) -> Image.Image:
    size = (wish.width, wish.height)
    method = METHODS[wish.interpolation]
    if image.size == size:
        return image
    if wish.resize == "crop":
        return image.resize(size, method, box=_find_middle(image.width, image.height, wish))
    if wish.resize == "pad":
        scale = min(wish.width / image.width, wish.height / image.height)
        inner = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        padded = Image.new(image.mode, size)
        padded.paste(image.resize(inner, method), ((wish.width - inner[0]) // 2, (wish.height - inner[1]) // 2))
        return padded
    return image.resize(size, method)


def _find_middle(width: int, height: int, wish: Wish) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the largest part that has the proportions wanted, as `load_img` finds it."""
    crop_width = max(1, min(width, height * wish.width // wish.height))
    crop_height = max(1, min(height, width * wish.height // wish.width))
    left, top = (width - crop_width) // 2, (height - crop_height) // 2
    return left, top, left + crop_width, top + crop_height


BROKEN_HINT = "Replace or remove the file, or set the option broken to skip."


def _describe_broken(name: str, error: BaseException) -> IssuesError:
    reason = str(error).strip() or type(error).__name__
    return refuse("broken_image", f"The image {show(name)} cannot be read: {reason[:200]}.", BROKEN_HINT)


def _describe_size(name: str, size: str) -> IssuesError:
    return refuse(
        "image_too_large",
        f"The image {show(name)} is too large: {size}; expected at most {MAX_PIXELS:,} pixels.",
        BROKEN_HINT,
    )


def _find_number(text: str) -> int:
    """The first number in what Pillow says, which is the number of pixels."""
    found = re.search(r"\d+", text)
    return int(found[0]) if found else MAX_PIXELS + 1


def _describe_pixels(name: str, received: str) -> IssuesError:
    message = f"The image {show(name)} has {received}; expected 8 or 16 bits per channel."
    return refuse("unknown_pixels", message, "Keep such data as arrays (npz or HDF5).")
