"""Files of the classic examples: the real ones where their folder is there, otherwise drawn here."""

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
from PIL import Image
from playwright.sync_api import FilePayload

_BESIDE = Path(__file__).parents[3] / "shared" / "data"
FOLDER = os.environ.get("LAYERLOOM_TEST_DATA") or (str(_BESIDE) if _BESIDE.is_dir() else None)
"""A folder with `cats_dogs/{train,test}/{cats,dogs}/*.jpg` and `signs/{train,test}_signs.h5`."""

PETS = ("cats", "dogs")
SIGNS = 6


def make_pets(training: int, test: int) -> FilePayload:
    """A zip with so many photos of each kind in `train` and in `test`."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for part, count in (("train", training), ("test", test)):
            for kind in PETS:
                for number, picture in zip(range(count), _find_pets(part, kind), strict=False):
                    archive.writestr(f"pets/{part}/{kind}/{number}.jpg", picture)
    return {"name": "pets.zip", "mimeType": "application/zip", "buffer": file.getvalue()}


def make_signs(part: str, most: int) -> FilePayload:
    """`train_signs.h5` or `test_signs.h5`, as the course has them, with the first samples."""
    if FOLDER is not None:
        with h5py.File(Path(FOLDER) / "signs" / f"{part}_signs.h5") as real:
            arrays = {name: real[name][()] for name in real}
    else:
        arrays = _draw_signs(part)
    file = io.BytesIO()
    with h5py.File(file, "w") as written:
        for name, array in arrays.items():
            written[name] = array[:most] if name.startswith(part) else array
    return {"name": f"{part}_signs.h5", "mimeType": "application/x-hdf5", "buffer": file.getvalue()}


def _find_pets(part: str, kind: str) -> Iterator[bytes]:
    if FOLDER is not None:
        yield from (path.read_bytes() for path in sorted((Path(FOLDER) / "cats_dogs" / part / kind).glob("*.jpg")))
        return
    generator = np.random.default_rng(len(part) + len(kind))
    while True:
        # Dogs have stripes that lie, cats stripes that stand.
        stripes = 90 + 80 * np.sin(np.arange(64) / 3 + generator.uniform(0, 6))
        grey = np.tile(stripes, (48, 1)) if kind == "cats" else np.tile(stripes[:48, None], (1, 64))
        pixels = np.clip(grey[..., None] + generator.normal(0, 20, (48, 64, 3)), 0, 255).astype("uint8")
        picture = io.BytesIO()
        Image.fromarray(pixels).save(picture, "JPEG")
        yield picture.getvalue()


def _draw_signs(part: str) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(len(part))
    labels = np.tile(np.arange(SIGNS), 20)
    pictures = generator.integers(0, 80, (len(labels), 64, 64, 3), dtype=np.uint8)
    for picture, label in zip(pictures, labels, strict=True):
        picture[:, 10 * label : 10 * label + 8] += 120
    return {f"{part}_set_x": pictures, f"{part}_set_y": labels, "list_classes": np.arange(SIGNS)}
