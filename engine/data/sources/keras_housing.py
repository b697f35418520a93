"""The house prices of `keras.datasets`."""

from typing import Annotated, Literal

from pydantic import Field

from engine.data.cache import CachedFile
from engine.data.loaders import keras_files, keras_test_files
from engine.data.schema import ArraySpec
from engine.data.source import Arguments, Source

ORIGIN = "keras.datasets"
UNSCALED = "The columns are in their own units (they want a Normalization layer). This is the training part."


class BostonArguments(Arguments):
    """The arguments of `keras.datasets.boston_housing.load_data`."""

    test_split: Annotated[float, Field(ge=0, lt=1)] = 0.2
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 113


class CaliforniaArguments(BostonArguments):
    """The arguments of `keras.datasets.california_housing.load_data`."""

    version: Literal["large", "small"] = "large"


BOSTON_HOUSING = Source(
    name="boston_housing",
    title="Boston house prices",
    origin=ORIGIN,
    task="regression",
    samples=404,
    description="Thirteen facts about quarters of Boston in 1978; what is the median price of a house in $1,000? One"
    f" column is a statistic of race: use this data set for nothing but comparison with older work. {UNSCALED}",
    inputs=(ArraySpec(name="features", shape=[13], dtype="float64"),),
    targets=(ArraySpec(name="price", shape=[], dtype="float64"),),
    arguments=BostonArguments,
    load=keras_files.load_boston_housing,
    load_test=keras_test_files.load_boston_housing_test,
    files=(CachedFile("boston_housing.npz", "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5"),),
    download_bytes=57_026,
)

CALIFORNIA_HOUSING = Source(
    name="california_housing",
    title="California house prices",
    origin=ORIGIN,
    task="regression",
    samples=16_512,
    description="Eight facts about quarters of California in 1990; what is the median price of a house in dollars?"
    f" {UNSCALED}",
    inputs=(ArraySpec(name="features", shape=[8], dtype="float32"),),
    targets=(ArraySpec(name="price", shape=[], dtype="float32"),),
    arguments=CaliforniaArguments,
    load=keras_files.load_california_housing,
    load_test=keras_test_files.load_california_housing_test,
    files=(CachedFile("california_housing.npz", "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f"),),
    download_bytes=743_530,
)

SOURCES = (BOSTON_HOUSING, CALIFORNIA_HOUSING)
