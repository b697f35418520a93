"""Larger pictures and films in which scikit-learn's real digits stand and move."""

import numpy as np

from engine.data.schema import ArraySpec
from engine.data.source import Array, Arrays, Source
from engine.data.sources.digit_tasks import ORIGIN, SEED, NoArguments, read_digits

SCENES = 2_000
SCENE_SIZE = 32
DIGITS_PER_SCENE = 4
INK = 0.3
"""From how dark on a pixel belongs to the digit."""

FILMS = 1_797
FRAMES = 6
FRAME_SIZE = 16
DIRECTIONS = {"left": (0, -1), "right": (0, 1), "up": (-1, 0), "down": (1, 0)}


def _read_scenes(arguments: NoArguments) -> Arrays:
    """Digits at random places, with noise over everything; the mask is where their ink is."""
    del arguments
    images, _ = read_digits()
    random = np.random.default_rng(SEED)
    clean = np.zeros((SCENES, SCENE_SIZE, SCENE_SIZE, 1), "float32")
    for scene in clean:
        for image in images[random.integers(len(images), size=DIGITS_PER_SCENE)]:
            top, left = random.integers(SCENE_SIZE - image.shape[0] + 1, size=2)
            place = scene[top : top + image.shape[0], left : left + image.shape[1]]
            np.maximum(place, image, out=place)
    noise = random.normal(0, 0.25, clean.shape).astype("float32")
    return Arrays({"image": np.clip(clean + noise, 0, 1)}, {"mask": (clean > INK).astype("float32")})


def _read_films(arguments: NoArguments) -> Arrays:
    """Each digit moves one pixel per frame, in one of four directions, over a picture twice its size."""
    del arguments
    images, _ = read_digits()
    random = np.random.default_rng(SEED)
    directions = random.integers(len(DIRECTIONS), size=FILMS)
    steps = np.array(list(DIRECTIONS.values()))
    films = np.zeros((FILMS, FRAMES, FRAME_SIZE, FRAME_SIZE, 1), "float32")
    room = FRAME_SIZE - images.shape[1]
    for film, image, direction in zip(films, images, directions, strict=True):
        _play(film, image, steps[direction], random.integers(room + 1, size=2))
    return Arrays({"frames": films}, {"direction": directions.astype("int32")}, tuple(DIRECTIONS))


def _play(film: Array, image: Array, step: Array, start: Array) -> None:
    """Draws the image into every frame. Where it would leave the picture it starts so far in that it does not."""
    room = film.shape[1] - image.shape[0]
    way = step * (len(film) - 1)
    start = np.clip(start, np.maximum(0, -way), np.minimum(room, room - way))
    for index, frame in enumerate(film):
        top, left = start + index * step
        frame[top : top + image.shape[0], left : left + image.shape[1]] = image


DIGIT_SCENES = Source(
    name="digits_scenes",
    title="Digits in noise, with masks",
    origin=ORIGIN,
    task="binary_classification",
    samples=SCENES,
    description=f"Pictures of {SCENE_SIZE} × {SCENE_SIZE} pixels with {DIGITS_PER_SCENE} digits at random places and"
    " noise over everything; which pixels are ink (1)? The mask has the size of the picture.",
    inputs=(ArraySpec(name="image", shape=[SCENE_SIZE, SCENE_SIZE, 1], dtype="float32"),),
    targets=(ArraySpec(name="mask", shape=[SCENE_SIZE, SCENE_SIZE, 1], dtype="float32"),),
    arguments=NoArguments,
    load=_read_scenes,
)

DIGIT_FILMS = Source(
    name="digits_films",
    title="Films of moving digits",
    origin=ORIGIN,
    task="classification",
    samples=FILMS,
    description=f"Films of {FRAMES} frames, {FRAME_SIZE} × {FRAME_SIZE} pixels each, in which a digit moves one pixel"
    f" per frame; in which direction ({', '.join(DIRECTIONS)})?",
    inputs=(ArraySpec(name="frames", shape=[FRAMES, FRAME_SIZE, FRAME_SIZE, 1], dtype="float32"),),
    targets=(ArraySpec(name="direction", shape=[], dtype="int32", classes=len(DIRECTIONS)),),
    arguments=NoArguments,
    load=_read_films,
)

SOURCES = (DIGIT_SCENES, DIGIT_FILMS)
