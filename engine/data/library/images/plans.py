"""Which arrays the definition asks for: each is made of the images or of the labels."""

from collections.abc import Sequence

from engine.data.library.folders.plans import describe_labels
from engine.data.library.images.summaries import IMAGE
from engine.data.library.manifest import ArrayPlan, PreparedArray


def describe_arrays(
    plans: Sequence[ArrayPlan], shape: Sequence[int], class_names: Sequence[str]
) -> list[PreparedArray]:
    """The arrays as they are on disk: images uint8 of this shape, labels int32."""
    return [
        PreparedArray(name=plan.name, shape=list(shape), dtype="uint8")
        if plan.fields == [IMAGE]
        else describe_labels(plan, class_names)
        for plan in plans
    ]
