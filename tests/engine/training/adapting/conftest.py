"""The data set of reviews, for the tests of a file that ask for it."""

from collections.abc import Iterator

import pytest

from engine.data.library.library import use_library
from tests.engine.training.adapting.reviews import make_reviews


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    make_reviews(tmp_path_factory.mktemp("reviews"))
    yield
    use_library(None)
