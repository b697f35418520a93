"""Where the files of a training, a validation and a test folder go."""

import math
from collections.abc import Iterator
from typing import Literal

import numpy as np

from engine.data.library.array_folder import TEST, TRAINING
from engine.data.library.folders.contents import Contents
from engine.data.library.folders.faults import warn
from engine.data.library.folders.layout import Layout, Part, Sample
from engine.graph.issues import Issue

ValidationFolder = Literal["end", "test", "leave_out"]
"""Where files of a validation folder go: after all others for training, to the test part, or nowhere."""


def order_samples(
    layout: Layout, validation_folder: ValidationFolder | None, seed: int
) -> list[tuple[Part, str, Sample]]:
    """All files to be written: part by folder, part on disk, sample. Each folder's are shuffled, with the seed."""
    generator = np.random.default_rng(seed)
    places = {"training": TRAINING, "test": TEST}
    if validation_folder != "leave_out":
        places["validation"] = TRAINING if validation_folder == "end" else TEST
    order: list[tuple[Part, str, Sample]] = []
    parts: tuple[Part, ...] = ("training", "validation", "test")
    for part in parts:
        samples = layout.parts[part]
        shuffled = generator.permutation(len(samples))
        if part in places:
            order += [(part, places[part], samples[number]) for number in shuffled]
    return order


def note_validation(
    layout: Layout, validation_folder: ValidationFolder | None, samples: int, validation: int, contents: Contents
) -> Iterator[Issue]:
    """Says where the files of a validation folder are. `samples` counts those for training and `validation`."""
    if not layout.parts["validation"]:
        return
    if validation_folder == "end":
        text = f"The last {validation:,} of {samples:,} training samples are those of the validation folder."
        hint = f"A validation_split of {find_split(samples, validation)} takes just them." if validation else None
        yield warn("validation_at_end", text, hint)
    elif validation_folder == "test":
        yield warn("validation_in_test", f"The {contents.plural} of the validation folder are in the test part.")
    else:
        yield warn("validation_left_out", f"The {contents.plural} of the validation folder were left out.")


def find_split(samples: int, validation: int) -> float:
    """The shortest `validation_split` by which Keras takes just so many of the samples."""
    for digits in range(1, 15):
        split = round(validation / samples, digits)
        if math.floor(samples * (1.0 - split)) == samples - validation:
            return split
    return (validation - 0.5) / samples
