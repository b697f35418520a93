"""Which classes are our own, by section of the catalogue and by name. A new one is added to `OWN_CLASSES`."""

from engine.layers.expressions.layer import Expression
from engine.layers.expressions.losses import ExpressionLoss, ExpressionMetric

PACKAGE = "layerloom"
"""How a document, and Keras's registry, say that a class is ours."""

OWN_CLASSES: dict[str, tuple[type, ...]] = {
    "layers": (Expression,),
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
