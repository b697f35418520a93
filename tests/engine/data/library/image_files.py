"""Small real image files, in folders and zips, and what the kind `images` makes of them."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydantic import JsonValue

from engine.data.library.array_folder import TEST, TRAINING, Array, ArrayFolder
from engine.data.library.images.kind import KIND
from engine.data.library.kinds import GivenFile, Prepared
from engine.data.library.manifest import Definition, Inspection
from engine.errors import IssuesError

Files = Mapping[str, bytes]


def paint(seed: int = 0, size: tuple[int, int] = (12, 10), mode: str = "RGB", form: str = "PNG") -> bytes:
    """An image file of noise; `size` is width and height."""
    generator = np.random.default_rng(seed)
    image = Image.fromarray(generator.integers(0, 256, (size[1], size[0], 3), "uint8")).convert(mode)
    return encode(image, form)


def encode(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    """An image as a file."""
    memory = io.BytesIO()
    image.save(memory, form, **options)
    return memory.getvalue()


def paint_classes(*folders: str, count: int = 3, **options: object) -> dict[str, bytes]:
    """Some images in each of these folders, all different."""
    names = [f"{folder}/{number}.png" for folder in folders for number in range(count)]
    return {name: paint(seed, **options) for seed, name in enumerate(names)}  # type: ignore[arg-type]


def write_zip(path: Path, files: Files, method: int = zipfile.ZIP_STORED) -> GivenFile:
    """A zip; names that end in a slash are folders."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return GivenFile(path.name, path)


def write_folder(path: Path, files: Files) -> GivenFile:
    """A folder with the same files."""
    for name, content in files.items():
        if name.endswith("/"):
            (path / name).mkdir(parents=True, exist_ok=True)
        else:
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(content)
    return GivenFile(path.name, path)


@dataclass(frozen=True, slots=True)
class Made:
    """A data set that was prepared."""

    inspection: Inspection
    prepared: Prepared
    training: dict[str, Array]
    test: dict[str, Array]
    shares: list[float]

    @property
    def codes(self) -> set[str]:
        return {note.code for note in self.prepared.notes}


def make(files: Sequence[GivenFile], folder: Path, definition: Definition | None = None, **options: JsonValue) -> Made:
    """Looks at the files and prepares them as proposed, with these options."""
    if definition is None and options:
        definition = Definition(kind="images", options=options)
    inspection = KIND.inspect(files, definition)
    arrays = ArrayFolder(folder, inspection.definition.array_names)
    shares: list[float] = []
    prepared = KIND.prepare(files, inspection.definition, arrays, shares.append)
    test = arrays.map(TEST) if prepared.test_samples else {}
    return Made(inspection, prepared, arrays.map(TRAINING), test, shares)


def refuse(files: Sequence[GivenFile], **options: JsonValue) -> IssuesError:
    """What is said about files that are not taken, at the first look."""
    with pytest.raises(IssuesError) as caught:
        KIND.inspect(files, Definition(kind="images", options=options) if options else None)
    assert caught.value.issues
    assert caught.value.issues[0].message == caught.value.message
    return caught.value
