"""The texts of `keras.datasets`: word numbers, cut and padded to one length so that they fit into an array."""

from typing import Annotated

import keras
from pydantic import Field

from engine.data.cache import CachedFile
from engine.data.loaders import keras_files, keras_test_files
from engine.data.schema import ArraySpec
from engine.data.source import Arguments, Source
from engine.data.words import WordFile

ORIGIN = "keras.datasets"
PREVIEW_WORDS = 64
LENGTHS = (
    "Every text is a row of word numbers by frequency (1 starts a text, 2 is an unknown word). With `maxlen` every text"
    " has that length: a longer one keeps its end, a shorter one gets zeros in front (`keras.utils.pad_sequences`);"
    " without, all are padded to the longest. `num_words` keeps only the most frequent words: an Embedding's"
    " input_dim. This is the training part."
)

IMDB_WORDS = CachedFile("imdb_word_index.json", "027313fe9a320280f3bf0fac5baf58c4a683cf39a7ed9c3d3d3912bde4284cf6")
REUTERS_WORDS = CachedFile(
    "reuters_word_index.json", "9b56000edc4b34a32e89fd5a23b2605594682c74efcf7d8f4e2a5514b771e633"
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
    load=keras_files.load_imdb,
    load_test=keras_test_files.load_imdb_test,
    class_names=("negative", "positive"),
    files=(CachedFile("imdb.npz", "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"),),
    download_bytes=17_464_789,
    preview_arguments={"maxlen": PREVIEW_WORDS},
    word_file=WordFile(IMDB_WORDS, ("tokens",), keras.datasets.imdb.get_word_index),
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
    load=keras_files.load_reuters,
    load_test=keras_test_files.load_reuters_test,
    class_names=tuple(keras.datasets.reuters.get_label_names()),
    files=(CachedFile("reuters.npz", "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916"),),
    download_bytes=2_110_848,
    preview_arguments={"maxlen": PREVIEW_WORDS},
    word_file=WordFile(REUTERS_WORDS, ("tokens",), keras.datasets.reuters.get_word_index),
)

SOURCES = (IMDB, REUTERS)
