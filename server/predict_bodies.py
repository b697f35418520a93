"""What is sent to be predicted: JSON, a table in CSV, or an image, told apart by the Content-Type."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.requests import Request

from engine.errors import EngineError
from engine.evaluation.requests import CsvRows, ImageFile, PredictRequest
from server.json_body import parse_body, validate_body
from server.schemas.evaluation import Asked
from server.uploads import is_json

IMAGES = ("image/png", "image/jpeg")
AskedT = TypeVar("AskedT", bound=Asked)


@dataclass(frozen=True, slots=True)
class PredictBody(Generic[AskedT]):
    """What the engine is asked; `body` is the JSON body, None for what is no JSON."""

    request: PredictRequest
    body: AskedT | None


async def read_predict_body(
    request: Request, model: type[AskedT], *, invert: bool, limits: tuple[float, float] | None = None
) -> PredictBody[AskedT]:
    """The request's body; `model` is that of its JSON, in which a list alone is rows.

    `invert` and `limits` are for images. Raises `EngineError` (`invalid_csv`, `unknown_content_type`), and what
    reading JSON raises.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if is_json(request.scope):
        sent = await parse_body(request)
        body = validate_body(model, {"rows": sent} if isinstance(sent, list) else sent)
        return PredictBody(body.to_request(), body)
    if kind in IMAGES:
        return PredictBody(ImageFile.model_construct(content=await request.body(), invert=invert, limits=limits), None)
    if kind == "text/csv":
        return PredictBody(CsvRows(text=_decode(await request.body())), None)
    expected = ", ".join(("application/json", "text/csv", *IMAGES))
    raise EngineError(
        "unknown_content_type", f"Expected the Content-Type to be one of {expected}; received {kind[:100] or 'none'!r}."
    )


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EngineError(
            "invalid_csv",
            f"The body is no UTF-8 text: the byte at {error.start} is {error.object[error.start]:#04x}.",
            "Save the table as UTF-8.",
        ) from error
