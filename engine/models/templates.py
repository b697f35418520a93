"""The examples that a person can start from: complete graphs with a training config that is known to work."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue

from engine.graph.document import Graph, Layout

FOLDER = Path(__file__).parent / "templates"
ORDER = (
    "digits_mlp", "digits_cnn", "iris_mlp", "diabetes_regression",
    "mnist_cnn", "cats_and_dogs", "residual_unit", "inception_module", "u_net", "autoencoder", "vgg16_features",
    "vgg16_fine_tuning",
    "imdb_mlp", "reuters_mlp", "transformer", "sequence_to_sequence",
    "headlines", "review_pairs", "two_branches", "shared_vision", "visual_question_answering", "video",
    "boston_housing",
)  # fmt: skip
"""In which order they are shown, those of one category together, the first being what a newcomer sees."""


class Template(BaseModel):
    """One example. `category` is the heading it stands under, `training` a run's config (`RunConfig`) as JSON."""

    model_config = ConfigDict(extra="forbid")

    id: str
    title: str
    category: str
    description: str
    graph: Graph
    layout: Layout
    training: dict[str, JsonValue]


def list_templates() -> list[Template]:
    """All templates, as copies that can be changed. Imports no Keras."""
    return [template.model_copy(deep=True) for template in _read_templates()]


@cache
def _read_templates() -> tuple[Template, ...]:
    return tuple(Template.model_validate_json((FOLDER / f"{name}.json").read_bytes()) for name in ORDER)
