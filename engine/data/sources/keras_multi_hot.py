"""The texts of `keras.datasets` as the first examples of the textbooks have them: which words occur in each."""

from typing import Annotated

from pydantic import Field

from engine.data.loaders import multi_hot
from engine.data.schema import ArraySpec
from engine.data.source import Arguments, Source
from engine.data.sources.keras_texts import IMDB, REUTERS

ORIGIN = "made from keras.datasets"
NUM_WORDS = 10_000
WORDS = ArraySpec(name="words", shape=[NUM_WORDS], dtype="uint8")
ABOUT = (
    "A row has a 1 for each of the `num_words` most frequent words that occur in the text, and 0 for the others; their"
    " order is lost. (Numbers 1 and 2 are the start of a text and words that are not among them.)"
)


class MultiHotArguments(Arguments):
    """How many words are told apart: as many numbers has a row."""

    num_words: Annotated[int, Field(ge=10, le=20_000, description="How many of the most frequent words.")] = NUM_WORDS


IMDB_MULTI_HOT = Source(
    name="imdb_multi_hot",
    title="IMDB film reviews, which words occur",
    origin=ORIGIN,
    task=IMDB.task,
    samples=IMDB.samples,
    description=f"Film reviews; is the review positive (1) or negative (0)? {ABOUT}",
    inputs=(WORDS,),
    targets=IMDB.targets,
    arguments=MultiHotArguments,
    load=multi_hot.load_imdb_multi_hot,
    load_test=multi_hot.load_imdb_multi_hot_test,
    class_names=IMDB.class_names,
    files=IMDB.files,
    download_bytes=IMDB.download_bytes,
    preview_arguments={"num_words": 500},
)

REUTERS_MULTI_HOT = Source(
    name="reuters_multi_hot",
    title="Reuters newswires, which words occur",
    origin=ORIGIN,
    task=REUTERS.task,
    samples=REUTERS.samples,
    description=f"Newswires; which of 46 topics is it about? {ABOUT}",
    inputs=(WORDS,),
    targets=REUTERS.targets,
    arguments=MultiHotArguments,
    load=multi_hot.load_reuters_multi_hot,
    load_test=multi_hot.load_reuters_multi_hot_test,
    class_names=REUTERS.class_names,
    files=REUTERS.files,
    download_bytes=REUTERS.download_bytes,
    preview_arguments={"num_words": 500},
)

SOURCES = (IMDB_MULTI_HOT, REUTERS_MULTI_HOT)
