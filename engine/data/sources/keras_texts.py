"""The texts of `keras.datasets`: word numbers, cut and padded to one length so that they fit into an array."""

from collections.abc import Sequence
from typing import Annotated

import keras
from pydantic import Field

from engine.data.cache import CachedFile
from engine.data.schema import ArraySpec
from engine.data.source import Arguments, Array, Arrays, Source

ORIGIN = "keras.datasets"
PREVIEW_WORDS = 64
LENGTHS = (
    "Every text is a row of word numbers by frequency (1 starts a text, 2 is an unknown word). With `maxlen` every text"
    " has that length: a longer one keeps its end, a shorter one gets zeros in front (`keras.utils.pad_sequences`);"
    " without, all are padded to the longest. `num_words` keeps only the most frequent words: an Embedding's"
    " input_dim. This is the training part."
)

WordNumber = Annotated[int, Field(ge=0, le=1_000_000)]


class ImdbArguments(Arguments):
    """The arguments of `keras.datasets.imdb.load_data`.

    `maxlen` cuts longer texts, as Keras's docstring says it does; Keras's code leaves them out.
    """

    num_words: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    skip_top: WordNumber = 0
    maxlen: Annotated[int, Field(ge=1, le=5_000)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 113
    start_char: WordNumber | None = 1
    oov_char: WordNumber | None = 2
    index_from: WordNumber = 3


class ReutersArguments(ImdbArguments):
    """The arguments of `keras.datasets.reuters.load_data`; `maxlen` as for imdb."""

    test_split: Annotated[float, Field(ge=0, lt=1)] = 0.2


def _read_imdb(arguments: ImdbArguments) -> Arrays:
    (texts, labels), _ = keras.datasets.imdb.load_data(**arguments.model_dump(exclude={"maxlen"}))
    return Arrays({"tokens": _pad(texts, arguments.maxlen)}, {"sentiment": labels}, ("negative", "positive"))


def _read_reuters(arguments: ReutersArguments) -> Arrays:
    (texts, labels), _ = keras.datasets.reuters.load_data(**arguments.model_dump(exclude={"maxlen"}))
    names = tuple(keras.datasets.reuters.get_label_names())
    return Arrays({"tokens": _pad(texts, arguments.maxlen)}, {"topic": labels}, names)


def _pad(texts: Sequence[Sequence[int]], maxlen: int | None) -> Array:
    """Word numbers as (texts, length), int32."""
    padded: Array = keras.utils.pad_sequences(texts, maxlen=maxlen)
    return padded


IMDB = Source(
    name="imdb",
    title="IMDB film reviews",
    origin=ORIGIN,
    task="binary_classification",
    samples=25_000,
    description=f"Film reviews; is the review positive (1) or negative (0)? {LENGTHS}",
    inputs=(ArraySpec(name="tokens", shape=[None], dtype="int32"),),
    targets=(ArraySpec(name="sentiment", shape=[], dtype="int64", classes=2),),
    arguments=ImdbArguments,
    load=_read_imdb,
    files=(CachedFile("imdb.npz", "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"),),
    download_bytes=17_464_789,
    preview_arguments={"maxlen": PREVIEW_WORDS},
)

REUTERS = Source(
    name="reuters",
    title="Reuters newswires",
    origin=ORIGIN,
    task="classification",
    samples=8_982,
    description=f"Newswires; which of 46 topics is it about? {LENGTHS}",
    inputs=(ArraySpec(name="tokens", shape=[None], dtype="int32"),),
    targets=(ArraySpec(name="topic", shape=[], dtype="int64", classes=46),),
    arguments=ReutersArguments,
    load=_read_reuters,
    files=(CachedFile("reuters.npz", "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916"),),
    download_bytes=2_110_848,
    preview_arguments={"maxlen": PREVIEW_WORDS},
)

SOURCES = (IMDB, REUTERS)
