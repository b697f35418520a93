"""Tasks made from the data sets of `keras.datasets`: a part of them, or the same data asked another question."""

from typing import Annotated

import keras
from pydantic import Field

from engine.data.loaders import keras_files
from engine.data.loaders.digits import PAIRS
from engine.data.schema import ArraySpec
from engine.data.source import Arguments, Source
from engine.data.sources.keras_images import CIFAR10
from engine.data.sources.keras_texts import IMDB, IMDB_WORDS, REUTERS, REUTERS_WORDS
from engine.data.words import WordFile

FACTS = ("words", "words_known_share", "different_words_share", "mean_word_rank", "longest_repeat_share")

Words = Annotated[int, Field(ge=10, le=1_000_000)]
Length = Annotated[int, Field(ge=1, le=5_000)]


class PairArguments(Arguments):
    """How many different words there are, and how many words of each review are kept."""

    num_words: Words = 10_000
    maxlen: Length = 80


class HeadlineArguments(Arguments):
    """How many different words there are, and how many words of each newswire are its headline."""

    num_words: Words = 10_000
    maxlen: Length = 20


class NoArguments(Arguments):
    """This data set takes no arguments."""


IMDB_PAIRS = Source(
    name="imdb_pairs",
    title="Pairs of film reviews",
    origin="made from keras.datasets",
    task="binary_classification",
    samples=PAIRS,
    description="Two film reviews each, as word numbers; do both like their film, or neither (1), or only one (0)?",
    inputs=(ArraySpec(name="first", shape=[80], dtype="int32"), ArraySpec(name="second", shape=[80], dtype="int32")),
    targets=(ArraySpec(name="same", shape=[], dtype="int32", classes=2),),
    arguments=PairArguments,
    load=keras_files.load_imdb_pairs,
    class_names=("different", "same"),
    files=IMDB.files,
    download_bytes=IMDB.download_bytes,
    word_file=WordFile(IMDB_WORDS, ("first", "second"), keras.datasets.imdb.get_word_index),
)

REUTERS_HEADLINES = Source(
    name="reuters_headlines",
    title="Reuters headlines and facts",
    origin="made from keras.datasets",
    task="classification",
    samples=REUTERS.samples,
    description="The first words of each newswire as word numbers, and five numbers about the whole text"
    f" ({', '.join(FACTS)}); which of 46 topics is it about?",
    inputs=(ArraySpec(name="headline", shape=[20], dtype="int32"), ArraySpec(name="facts", shape=[5], dtype="float32")),
    targets=(ArraySpec(name="topic", shape=[], dtype="int64", classes=46),),
    arguments=HeadlineArguments,
    load=keras_files.load_reuters_headlines,
    class_names=tuple(keras.datasets.reuters.get_label_names()),
    files=REUTERS.files,
    download_bytes=REUTERS.download_bytes,
    word_file=WordFile(REUTERS_WORDS, ("headline",), keras.datasets.reuters.get_word_index),
)

CATS_AND_DOGS = Source(
    name="cifar10_cats_dogs",
    title="CIFAR-10 cats and dogs",
    origin="made from keras.datasets",
    task="binary_classification",
    samples=10_000,
    description="The cats and the dogs of CIFAR-10: colour photos of 32 × 32 pixels, whole numbers from 0 to 255 (put a"
    " Rescaling layer after the input); is it a dog (1)?",
    inputs=(ArraySpec(name="image", shape=[32, 32, 3], dtype="uint8"),),
    targets=(ArraySpec(name="dog", shape=[], dtype="int32", classes=2),),
    arguments=NoArguments,
    load=keras_files.load_cifar10_cats_dogs,
    class_names=("cat", "dog"),
    files=CIFAR10.files,
    download_bytes=CIFAR10.download_bytes,
)

SOURCES = (IMDB_PAIRS, REUTERS_HEADLINES, CATS_AND_DOGS)
