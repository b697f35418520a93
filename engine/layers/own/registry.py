"""Which classes are our own, by section of the catalogue and by name. A new one is added to `OWN_CLASSES`."""

from collections.abc import Mapping

from engine.layers.expressions.layer import Expression
from engine.layers.expressions.losses import ExpressionLoss, ExpressionMetric
from engine.layers.own.highway import Highway
from engine.layers.own.locally_connected_1d import LocallyConnected1D
from engine.layers.own.locally_connected_2d import LocallyConnected2D
from engine.layers.own.maxout_dense import MaxoutDense
from engine.layers.own.srelu import SReLU
from engine.layers.own.thresholded_relu import ThresholdedReLU

PACKAGE = "layerloom"
"""How a document, and Keras's registry, say that a class is ours."""

OWN_CLASSES: dict[str, tuple[type, ...]] = {
    "layers": (
        Expression,
        Highway,
        LocallyConnected1D,
        LocallyConnected2D,
        MaxoutDense,
        SReLU,
        ThresholdedReLU,
    ),
    "losses": (ExpressionLoss,),
    "metrics": (ExpressionMetric,),
}
"""By the sections of `engine.layers.discover.SECTIONS`."""


def list_own_classes(section: str) -> tuple[type, ...]:
    """Our own classes of a section."""
    return OWN_CLASSES.get(section, ())


def find_own_class(section: str, name: str) -> type | None:
    """Our own class of that name; None where there is none."""
    return next((one for one in list_own_classes(section) if one.__name__ == name), None)


def find_named_class(section: str, value: Mapping[str, object]) -> type | None:
    """Our own class that an object's JSON names, with our package as Keras writes it or without any module."""
    name, registered = value.get("class_name"), value.get("registered_name")
    if not isinstance(name, str) or not (registered == f"{PACKAGE}>{name}" or {*value} <= {"class_name", "config"}):
        return None
    return find_own_class(section, name)
