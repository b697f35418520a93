"""The examples that a person can start from: complete graphs with a training config that is known to work."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue

from engine.graph.document import Graph, Layout

FOLDER = Path(__file__).parent / "templates"
ORDER = ("digits_mlp", "digits_cnn", "iris_mlp", "diabetes_regression")
"""In which order they are shown, the first being what a newcomer sees."""


class Template(BaseModel):
    """One example. `training` is a run's config, as `engine.training.config.RunConfig` reads it."""

    model_config = ConfigDict(extra="forbid")

    id: str
    title: str
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
