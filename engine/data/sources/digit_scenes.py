"""Larger pictures and films in which scikit-learn's real digits stand and move."""

from engine.data.loaders import digit_scenes
from engine.data.loaders.digit_scenes import DIGITS_PER_SCENE, DIRECTIONS, FRAME_SIZE, FRAMES, SCENE_SIZE, SCENES
from engine.data.schema import ArraySpec
from engine.data.source import Source
from engine.data.sources.digit_tasks import ORIGIN, NoArguments

FILMS = 1_797

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
    load=digit_scenes.load_digits_scenes,
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
    load=digit_scenes.load_digits_films,
    class_names=tuple(DIRECTIONS),
)

SOURCES = (DIGIT_SCENES, DIGIT_FILMS)
