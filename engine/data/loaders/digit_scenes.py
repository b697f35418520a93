"""Makes larger pictures and films in which scikit-learn's digits stand and move."""

import numpy as np

from engine.data.loaders.digits import load_digits

SCENES = 2_000
SCENE_SIZE = 32
DIGITS_PER_SCENE = 4
INK = 0.3
"""From how dark on a pixel belongs to the digit."""

FRAMES = 6
FRAME_SIZE = 16
DIRECTIONS = {"left": (0, -1), "right": (0, 1), "up": (-1, 0), "down": (1, 0)}


def load_digits_scenes() -> dict[str, np.ndarray]:
    """Make pictures with digits at random places and noise over everything; the mask is where their ink is."""
    images = load_digits()["image"]
    random = np.random.default_rng(0)
    clean = np.zeros((SCENES, SCENE_SIZE, SCENE_SIZE, 1), "float32")
    for scene in clean:
        for image in images[random.integers(len(images), size=DIGITS_PER_SCENE)]:
            top, left = random.integers(SCENE_SIZE - image.shape[0] + 1, size=2)
            place = scene[top : top + image.shape[0], left : left + image.shape[1]]
            np.maximum(place, image, out=place)
    noise = random.normal(0, 0.25, clean.shape).astype("float32")
    return {"image": np.clip(clean + noise, 0, 1), "mask": (clean > INK).astype("float32")}


def load_digits_films() -> dict[str, np.ndarray]:
    """Make films of digits that move one pixel per frame, each in one of four directions."""
    images = load_digits()["image"]
    random = np.random.default_rng(0)
    directions = random.integers(len(DIRECTIONS), size=len(images))
    steps = np.array(list(DIRECTIONS.values()))
    films = np.zeros((len(images), FRAMES, FRAME_SIZE, FRAME_SIZE, 1), "float32")
    room = FRAME_SIZE - images.shape[1]
    for film, image, direction in zip(films, images, directions, strict=True):
        play(film, image, steps[direction], random.integers(room + 1, size=2))
    return {"frames": films, "direction": directions.astype("int32")}


def play(film: np.ndarray, image: np.ndarray, step: np.ndarray, start: np.ndarray) -> None:
    """Draw the image into every frame. Where it would leave the picture it starts so far in that it does not."""
    room = film.shape[1] - image.shape[0]
    way = step * (len(film) - 1)
    start = np.clip(start, np.maximum(0, -way), np.minimum(room, room - way))
    for index, frame in enumerate(film):
        top, left = start + index * step
        frame[top : top + image.shape[0], left : left + image.shape[1]] = image
