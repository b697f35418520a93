"""The catalogue, built once."""

import pytest

from engine.layers.catalogue import build_catalogue
from engine.layers.schema import Catalogue, Entry


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return build_catalogue()


@pytest.fixture(scope="session")
def layers(catalogue: Catalogue) -> dict[str, Entry]:
    return {entry.class_name: entry for entry in catalogue.layers}
