"""What a folder is of: images, or texts."""

from dataclasses import dataclass
from posixpath import basename, splitext
from typing import Final


@dataclass(frozen=True, slots=True)
class Contents:
    """How people call the files of a data set, and by which ends of their names they are told from others.

    `otherwise` says how else each of them can be given a class than by the folder it is in.
    """

    noun: str
    plural: str
    suffixes: frozenset[str]
    otherwise: str
    never: frozenset[str] = frozenset()
    """Names without their ends, in small letters, of what people put beside the files of a data set."""

    packings: frozenset[str] = frozenset()
    """What may stand behind the ends of their names."""

    def includes(self, name: str) -> bool:
        """Whether a file of this name is one of them. What it really is, its content decides."""
        stem, suffix = splitext(basename(name).lower())
        if suffix in self.packings:
            stem, suffix = splitext(stem)
        return suffix in self.suffixes and stem not in self.never


IMAGES: Final = Contents(
    "image",
    "images",
    frozenset({".bmp", ".gif", ".jpeg", ".jpg", ".png", ".ppm", ".tif", ".tiff", ".webp"}),
    "add a labels.csv with the columns file and label",
)
"""Those of `image_dataset_from_directory` and `flow_from_directory`, and WebP."""

TEXTS: Final = Contents(
    "text",
    "texts",
    frozenset({".txt"}),
    "make a CSV file of them with a column for the text and one for the class",
    never=frozenset({"readme", "license", "licence", "copying", "notice", "authors", "changelog"}),
)
"""Those of `text_dataset_from_directory`."""

TABLES: Final = Contents(
    "table",
    "tables",
    frozenset({".csv", ".tsv", ".tab", ".parquet"}),
    "",
    packings=frozenset({".gz", ".bz2", ".zst"}),
)
"""CSV and TSV, also packed, and Parquet."""


def is_sample(name: str) -> bool:
    """Whether a file of this name may become a sample of any data set."""
    return IMAGES.includes(name) or TEXTS.includes(name)
