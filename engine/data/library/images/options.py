"""What can be said about a folder of images."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from engine.data.library.folders.shared_options import Broken, Seed, ValidationChoice

Side = Annotated[int, Field(ge=1, le=2048)]

ColorMode = Literal["rgb", "grayscale"]
Resize = Literal["stretch", "crop", "pad"]
Interpolation = Literal["nearest", "bilinear", "bicubic", "lanczos", "box", "hamming"]
"""The words of `keras.utils.load_img`, which resizes with Pillow too."""


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
            description="A CSV file with the columns file and label, instead of a folder for each class. Proposed:"
            " labels.csv where there is one.",
        ),
    ] = None
    seed: Seed = 0
