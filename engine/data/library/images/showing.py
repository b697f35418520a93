"""Some images as the model will see them, with their labels, before anything is prepared."""

from collections.abc import Sequence

from pydantic import JsonValue

from engine.data.library.folders.layout import Sample
from engine.data.library.folders.members import Container
from engine.data.library.images.decoding import LARGE_PIXELS, Wish, decode
from engine.data.library.images.looking import Found, spread
from engine.data.pictures import make_data_url
from engine.errors import IssuesError

ROWS = 20
MAX_PIXELS = 100_000_000
"""So many pixels are decoded in all, which takes a second or two; images beyond are named without their picture."""

MOST_SIDE = 128


def show_images(
    container: Container, found: Found, wish: Wish, class_names: Sequence[str]
) -> list[dict[str, JsonValue]]:
    """Some of the images that were looked at: file, size, label and, where it is not too large, `picture`, a data URL.

    Those whose pixels cannot be read are left out, and what is wrong with them is noted in `found`.
    """
    rows: list[dict[str, JsonValue]] = []
    left = MAX_PIXELS
    for sample, look in spread(found.looks, ROWS):
        pixels = look.width * look.height
        row: dict[str, JsonValue] = {
            "file": sample.member.name,
            "width": look.width,
            "height": look.height,
            "label": class_names[sample.label],
        }
        if pixels < min(LARGE_PIXELS, left):
            left -= pixels
            try:
                row["picture"] = _draw(container, sample, wish)
            except IssuesError as error:
                found.faults.append(error)
                continue
        rows.append(row)
    return rows


def _draw(container: Container, sample: Sample, wish: Wish) -> str:
    return make_data_url(decode(container.read(sample.member), sample.member.name, wish), MOST_SIDE)
