"""Models from elsewhere: a template, an application, a config, a file."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from server.dependencies import CompilerDep, ModelStoreDep, SettingsDep, WeightStoreDep
from server.importing import ModelImporter
from server.json_body import StrictRoute, parse_body, validate_body
from server.routes.import_examples import IMPORT_BODY
from server.routes.problems import COMPILER_PROBLEMS, problems
from server.schemas.importing import ImportedModel, ImportRequest
from server.schemas.names import DisplayName
from server.uploads import is_json, receive_upload

router = APIRouter(prefix="/models/import", tags=["models"], route_class=StrictRoute)


def make_importer(
    models: ModelStoreDep, weights: WeightStoreDep, compiler: CompilerDep, settings: SettingsDep
) -> ModelImporter:
    """What makes models from elsewhere."""
    return ModelImporter(models, weights, compiler, settings.weights_folder)


@router.post(
    "",
    status_code=201,
    summary="Import a model",
    openapi_extra={"requestBody": IMPORT_BODY},
    responses={**problems(404, 413, 502), **COMPILER_PROBLEMS},
)
async def import_model(
    request: Request,
    response: Response,
    settings: SettingsDep,
    importer: Annotated[ModelImporter, Depends(make_importer)],
    filename: Annotated[
        str | None, Query(max_length=300, description="What the file in the body is called; it names the model.")
    ] = None,
    name: Annotated[DisplayName | None, Query(description="What the model made from a file is to be called.")] = None,
) -> ImportedModel:
    """A new model with graph, training config and weights.

    A JSON body names a template, an architecture of `keras.applications` or a Keras config. Any other body is a file:
    `.keras`, `.h5` (also of Keras 2) or the JSON of `to_json()`, recognised by its content
    (`curl --data-binary @model.keras -H "Content-Type: application/octet-stream"`). `report` tells what was
    renamed, left out, or is only a placeholder; 422 says why a file cannot be imported at all.
    """
    if is_json(request.scope):
        model = await importer.import_request(validate_body(ImportRequest, await parse_body(request)))
    else:
        async with receive_upload(request, settings) as path:
            model = await importer.import_file(path, filename, name)
    response.headers["Location"] = f"/api/models/{model.id}"
    return model
