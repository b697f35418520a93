"""Image files of every kind, and files that only look like images."""

import io
import struct
import zlib
from typing import get_args

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.data.library.images import decoding
from engine.data.library.images.decoding import Wish, decode, look_at
from engine.data.library.images.kind import KIND
from engine.data.library.images.options import ColorMode, Interpolation, Resize
from engine.data.library.manifest import Definition
from engine.errors import IssuesError
from tests.engine.data.library.image_files import encode, make, paint, paint_classes, write_zip


def wish(
    height: int = 10,
    width: int = 12,
    color_mode: ColorMode = "rgb",
    resize: Resize = "stretch",
    interpolation: Interpolation = "bilinear",
) -> Wish:
    return Wish(height, width, color_mode, resize, interpolation)


def write_png(width: int, height: int, pixels: bytes = b"") -> bytes:
    """A PNG by hand, so that its header may say anything."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("color_mode", ["rgb", "grayscale"])
@pytest.mark.parametrize(
    ("mode", "form"),
    [
        ("RGB", "PNG"), ("RGB", "JPEG"), ("RGB", "BMP"), ("RGB", "GIF"), ("RGB", "TIFF"), ("RGB", "WEBP"),
        ("RGB", "PPM"), ("L", "PNG"), ("1", "PNG"), ("P", "PNG"), ("LA", "PNG"), ("RGBA", "PNG"), ("CMYK", "JPEG"),
        ("CMYK", "TIFF"),
    ],
)  # fmt: skip
def test_every_mode_and_format_comes_out_as_keras_reads_it(tmp_path, mode, form, color_mode):
    data = paint(1, (31, 17), mode, form)
    options = {"color_mode": color_mode, "target_size": (10, 12), "interpolation": "bilinear"}
    expected = keras.utils.img_to_array(keras.utils.load_img(io.BytesIO(data), **options), dtype="uint8")

    np.testing.assert_array_equal(decode(data, "a", wish(color_mode=color_mode)), expected)


@pytest.mark.parametrize("interpolation", sorted(decoding.METHODS))
@pytest.mark.parametrize("size", [(31, 17), (17, 31), (2, 90), (90, 2), (12, 10)])
def test_stretching_and_cropping_are_those_of_keras(interpolation, size):
    data = paint(2, size)
    options = {"target_size": (10, 12), "interpolation": interpolation}
    stretched = keras.utils.load_img(io.BytesIO(data), **options)
    cropped = keras.utils.load_img(io.BytesIO(data), keep_aspect_ratio=True, **options)

    np.testing.assert_array_equal(decode(data, "a", wish(interpolation=interpolation)), np.asarray(stretched))
    np.testing.assert_array_equal(
        decode(data, "a", wish(resize="crop", interpolation=interpolation)), np.asarray(cropped)
    )


@pytest.mark.parametrize("size", [(1, 3000), (3000, 1), (1, 1)])
@pytest.mark.parametrize("resize", get_args(Resize))
def test_images_of_one_row_or_column_are_resized_too(size, resize):
    assert decode(paint(2, size), "a", wish(resize=resize)).shape == (10, 12, 3)


@pytest.mark.parametrize(("size", "rows"), [((20, 10), slice(3, 9)), ((24, 2), slice(5, 6)), ((4000, 1), slice(5, 6))])
def test_padding_keeps_all_of_the_image_between_black_bars(size, rows):
    pixels = decode(encode(Image.new("RGB", size, "white")), "a", wish(12, 12, resize="pad"))

    inner = np.zeros(12, bool)
    inner[rows] = True
    assert (pixels.reshape(12, -1) == 255).all(axis=1).tolist() == inner.tolist()
    assert not pixels[~inner].any()


def test_sixteen_bits_become_eight_by_their_upper_half():
    values = np.array([[0, 255, 256, 0x8000, 0xFFFF]], "uint16")

    for form in ("PNG", "TIFF"):
        pixels = decode(encode(Image.fromarray(values), form), "a", wish(1, 5, "grayscale"))
        assert pixels[0, :, 0].tolist() == [0, 0, 1, 128, 255]


@pytest.mark.parametrize("values", [np.zeros((2, 2), "float32"), np.full((2, 2), 1 << 20, "int32")])
def test_pixels_that_are_no_colours_are_refused(values):
    with pytest.raises(IssuesError) as caught:
        decode(encode(Image.fromarray(values), "TIFF"), "depth.tif", wish())

    assert (caught.value.code, "'depth.tif'" in caught.value.message) == ("unknown_pixels", True)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_images_are_turned_as_exif_says(orientation):
    upright = Image.new("RGB", (32, 16))
    upright.paste("white", (0, 0, 16, 8))
    stored = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    image = upright if orientation == 1 else upright.transpose(Image.Transpose(stored[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation

    data = encode(image, "PNG", exif=exif)

    np.testing.assert_array_equal(decode(data, "a", wish(16, 32)), np.asarray(upright))
    assert (look_at(data, "a").width, look_at(data, "a").height) == (32, 16)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_broken_exif_does_not_matter():
    data = encode(Image.new("RGB", (12, 10), "red"), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff" + b"\xff" * 40)

    assert decode(data, "a", wish()).shape == (10, 12, 3)


def test_of_an_animation_the_first_image_is_taken(tmp_path):
    frames = [Image.new("RGB", (12, 10), color) for color in ("red", "lime", "blue")]
    data = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])

    assert decode(data, "a", wish())[0, 0].tolist() == [255, 0, 0]
    files = [write_zip(tmp_path / "a.zip", {"a/1.gif": data, "b/1.png": paint(mode="RGBA")})]
    assert [issue.code for issue in KIND.inspect(files, None).issues] == ["transparent_images", "animated_images"]


def test_an_enormous_image_is_refused_before_it_is_decoded(tmp_path):
    enormous, large = write_png(50_000, 50_000), write_png(10_000, 8_000)

    for data, received in ((enormous, "2,500,000,000 pixels"), (large, "10,000 × 8,000 pixels")):
        with pytest.raises(IssuesError) as caught:
            decode(data, "huge.png", wish())
        assert caught.value.code == "image_too_large"
        assert caught.value.message.startswith(
            f"The image 'huge.png' is too large: {received}; expected at most 64,000,000"
        )

    files = [write_zip(tmp_path / "a.zip", paint_classes("a", "b") | {"a/huge.png": enormous})]
    assert [issue.code for issue in KIND.inspect(files, None).issues] == ["image_too_large"]


def test_a_frame_larger_than_its_screen_and_an_enormous_canvas_are_refused():
    gif, webp = bytearray(paint(0, (4, 4), "P", "GIF")), io.BytesIO()
    frame = gif.index(b",")
    gif[frame + 5 : frame + 9] = struct.pack("<HH", 60_000, 60_000)
    Image.new("RGB", (4, 4)).save(webp, "WEBP", save_all=True, append_images=[Image.new("RGB", (4, 4), "red")])
    canvas = bytearray(webp.getvalue())
    place = canvas.index(b"VP8X") + 12
    canvas[place : place + 6] = (65_534).to_bytes(3, "little") * 2

    for data in (bytes(gif), bytes(canvas)):
        with pytest.raises(IssuesError) as caught:
            decode(data, "a", wish())
        assert caught.value.code == "image_too_large"


def test_a_jpeg_of_a_thousand_passes_is_refused_and_a_progressive_one_is_not():
    data = encode(Image.new("RGB", (640, 640), "red"), "JPEG", progressive=True)
    start = data.rindex(b"\xff\xda")
    passes = data[:start] + data[start:-2] * 1_000 + data[-2:]

    assert look_at(data, "a").width == 640
    with pytest.raises(IssuesError, match=r"'slow\.jpg' is stored in 1,\d+ passes"):
        decode(passes, "slow.jpg", wish())


def test_large_images_are_decoded_one_after_another(tmp_path, monkeypatch):
    monkeypatch.setattr(decoding, "LARGE_PIXELS", 1)

    made = make([write_zip(tmp_path / "a.zip", paint_classes("a", "b"))], tmp_path / "set")

    assert made.prepared.samples == 6


@pytest.mark.parametrize("data", [b"", b"not an image", b"\x89PNG\r\n\x1a\n", b"<svg xmlns='http://www.w3.org/2000/svg'/>",
                                  b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"])  # fmt: skip
def test_what_only_is_called_an_image_is_refused_by_name(data):
    with pytest.raises(IssuesError) as caught:
        decode(data, "a/picture.png", wish())

    assert caught.value.code == "broken_image"
    assert "'a/picture.png'" in caught.value.message


def test_all_truncated_images_are_named_or_left_out(tmp_path):
    pictures = paint_classes("a", "b", count=30, form="JPEG", size=(40, 40))
    cut = ["a/3.png", "b/7.png", "b/12.png"]
    pictures |= {name: pictures[name][:-200] for name in cut}
    files = [write_zip(tmp_path / "a.zip", pictures)]

    with pytest.raises(IssuesError) as caught:
        make(files, tmp_path / "refused")
    made = make(files, tmp_path / "set", broken="skip")

    assert sorted(issue.message.split("'")[1] for issue in caught.value.issues) == sorted(cut)
    assert "truncated" in caught.value.message
    assert (made.prepared.samples, made.codes) == (57, {"skipped_images"})
    assert made.prepared.fields[1].class_counts == [29, 28]


def test_a_class_of_which_nothing_can_be_read_is_refused(tmp_path):
    pictures = paint_classes("a", "b") | {"c/1.png": b"nothing"}

    with pytest.raises(IssuesError) as caught:
        make([write_zip(tmp_path / "a.zip", pictures)], tmp_path / "set", broken="skip")

    assert (caught.value.code, "'c'" in caught.value.message) == ("empty_class", True)


def test_where_no_image_can_be_read_the_first_look_says_so(tmp_path):
    file = write_zip(tmp_path / "a.zip", {"a/1.png": b"x", "b/1.png": b"y"})

    with pytest.raises(IssuesError) as caught:
        KIND.inspect([file], Definition(kind="images", options={"broken": "skip"}))

    assert [issue.code for issue in caught.value.issues] == ["broken_image"] * 2


WHOLE = {form: paint(3, (24, 24), "RGB", form) for form in ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM")}


@pytest.mark.filterwarnings("ignore")
@given(
    st.sampled_from(sorted(WHOLE)),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8),
    st.floats(0.2, 1),
)
@settings(deadline=None, max_examples=400)
def test_a_damaged_image_is_decoded_or_refused_but_never_anything_else(form, changes, keep):
    data = bytearray(WHOLE[form])
    for place, value in changes:
        data[int(place * min(len(data), 200))] = value
    data = data[: int(len(data) * keep)]

    try:
        look_at(bytes(data), "a")
        outcome = str(decode(bytes(data), "a", wish()).shape)
    except IssuesError as error:
        outcome = error.code
    assert outcome in {"(10, 12, 3)", "broken_image", "image_too_large", "unknown_pixels"}
