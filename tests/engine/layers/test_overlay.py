"""Every row of the overlay still says something about the installed Keras."""

import inspect

import keras
import pytest

from engine.layers import overlay
from engine.layers.discover import SECTIONS, discover_classes
from engine.layers.operations import list_operation_classes
from engine.layers.own.registry import list_own_classes
from engine.layers.safety import PATH_ARGUMENTS, REFUSED_CLASSES

CLASSES: dict[str, type[keras.layers.Layer]] = {
    **{value.__name__: value for value in list_operation_classes()},
    **{value.__name__: value for section in SECTIONS for value in list_own_classes(section)},
    **{one.name: one.value for section in SECTIONS for one in discover_classes(section).values()},
}
ROWS = [*overlay.HIDDEN, *overlay.KINDS, *overlay.ITEMS, *overlay.EXAMPLES]


@pytest.mark.parametrize(("owner", "argument"), ROWS)
def test_the_argument_of_a_row_exists(owner: str, argument: str) -> None:
    owners = [*CLASSES.values(), keras.applications.ResNet50] if owner == "*" else [CLASSES[owner]]

    assert any(argument in inspect.signature(one).parameters for one in owners)


@pytest.mark.parametrize(("owner", "argument"), sorted(overlay.CALLED_ON_LISTS))
def test_the_call_argument_of_a_row_exists(owner: str, argument: str) -> None:
    assert argument in inspect.signature(CLASSES[owner].call).parameters


@pytest.mark.parametrize("name", sorted({*REFUSED_CLASSES, *overlay.DOCUMENTED_BY}))
def test_the_class_of_a_row_exists(name: str) -> None:
    assert name in CLASSES


@pytest.mark.parametrize("name", sorted(PATH_ARGUMENTS))
def test_the_path_of_a_row_is_an_argument_of_a_callback(name: str) -> None:
    callbacks = [one.value for one in discover_classes("callbacks").values()]

    assert any(name in inspect.signature(one).parameters for one in callbacks)
