"""Templates as the API shows them, and models made from them."""

from engine.errors import EngineError
from server.schemas.importing import ImportRequest
from server.schemas.model import ModelCreate, TemplatePublic


def fetch_templates() -> list[TemplatePublic]:
    """All templates, in the order in which they are shown."""
    from engine.models.templates import list_templates

    return [TemplatePublic.model_validate(template, from_attributes=True) for template in list_templates()]


def make_from_template(request: ImportRequest) -> ModelCreate:
    """A model like the template.

    Raises:
        EngineError: `not_found`, where no template has the id.
    """
    templates = fetch_templates()
    for template in templates:
        if template.id == request.template:
            name = request.name or template.title
            return ModelCreate(name=name, graph=template.graph, layout=template.layout, training=template.training)
    known = ", ".join(template.id for template in templates)
    raise EngineError("not_found", f"There is no template {request.template!r}.", f"Expected one of: {known}.")
