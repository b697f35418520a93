"""What can be said about a folder of images."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from engine.data.library.encodings import Encoding
from engine.data.library.folders.shared_options import Broken, Seed, ValidationChoice
from engine.data.library.table.limits import MAX_NAME_LENGTH

ColumnName = Annotated[str, Field(max_length=MAX_NAME_LENGTH)]
Side = Annotated[int, Field(ge=1, le=2048)]

ColorMode = Literal["rgb", "grayscale"]
Resize = Literal["stretch", "crop", "pad"]
Interpolation = Literal["nearest", "bilinear", "bicubic", "lanczos", "box", "hamming"]
"""The words of `keras.utils.load_img`, which resizes with Pillow too."""

MAX_CHOICES = 500
"""As many columns of a table a form offers."""


class ImageOptions(BaseModel):
    """The options of the kind `images`; what is None is found out from the files."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    image_size: Annotated[
        tuple[Side, Side] | None,
        Field(description="Height and width in pixels. Proposed: the median of the images, at most 224."),
    ] = None
    color_mode: Annotated[
        ColorMode | None, Field(description="Proposed: grayscale where all images that were looked at are grey.")
    ] = None
    resize: Annotated[
        Resize,
        Field(
            description="stretch: every image to the size as it is, what Keras does by default; crop: the largest part"
            " in the middle that has the proportions wanted (crop_to_aspect_ratio); pad: the whole image with black"
            " bars (pad_to_aspect_ratio)."
        ),
    ] = "stretch"
    interpolation: Annotated[Interpolation, Field(description="As in keras.utils.load_img.")] = "bilinear"
    broken: Annotated[Broken, Field(description="What happens with images that cannot be read.")] = "refuse"
    validation_folder: ValidationChoice = None
    labels: Annotated[
        str | None,
        Field(
            max_length=600,
            description="A CSV file that says of which class each image is, instead of a folder for each class."
            " Proposed: labels.csv where there is one.",
        ),
    ] = None
    encoding: Annotated[
        Encoding | None, Field(description="Of that file; any that Python knows. Proposed by its bytes.")
    ] = None
    file_column: Annotated[
        ColumnName | None, Field(description="The column with the paths of the images. Proposed by its name.")
    ] = None
    label_column: Annotated[
        ColumnName | None, Field(description="The column with the classes. Proposed by its name.")
    ] = None
    part_column: Annotated[
        ColumnName | None,
        Field(description="The column that says train, validation or test. Proposed by its name, where there is one."),
    ] = None
    seed: Seed = 0


def describe_options(columns: Sequence[str] | None) -> dict[str, JsonValue]:
    """Their JSON schema, for a form: with what a table of labels needs where there is one, and the columns it has.

    There are none where the table cannot be read as it is.
    """
    schema = ImageOptions.model_json_schema()
    if columns is None:
        del schema["properties"]["encoding"]
    for name in ("file_column", "label_column", "part_column"):
        if columns:
            schema["properties"][name]["anyOf"][0]["enum"] = list(columns[:MAX_CHOICES])
        else:
            del schema["properties"][name]
    return schema
