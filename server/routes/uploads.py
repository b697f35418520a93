"""Files that are sent in pieces, as tus 1.0 does: a broken connection costs at most what was under way."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from server.json_body import StrictRoute
from server.routes.problems import problems
from server.schemas.uploads import UploadCreate, UploadPublic
from server.uploads_receiving import OFFSET_HEADER, UploadReceiver
from server.uploads_store import UploadStore

router = APIRouter(prefix="/uploads", tags=["uploads"], route_class=StrictRoute)

UploadId = Annotated[str, Path(max_length=100, description="The upload's id.")]
PIECE_BODY = {
    "required": True,
    "content": {"application/offset+octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


def get_upload_store(connection: HTTPConnection) -> UploadStore:
    """The files that people sent."""
    store: UploadStore = connection.app.state.upload_store
    return store


def get_upload_receiver(connection: HTTPConnection) -> UploadReceiver:
    """What takes the pieces of files."""
    receiver: UploadReceiver = connection.app.state.upload_receiver
    return receiver


UploadStoreDep = Annotated[UploadStore, Depends(get_upload_store)]
UploadReceiverDep = Annotated[UploadReceiver, Depends(get_upload_receiver)]


@router.post("", status_code=201, summary="Begin to upload a file", responses=problems(507))
async def create_upload(new: UploadCreate, response: Response, store: UploadStoreDep) -> UploadPublic:
    """Answers where to send the bytes: with `PATCH` to the address in `Location`, in pieces of any size.

    413 where the file is larger than the server takes, 507 where there is no room for it.
    """
    upload = await run_in_threadpool(store.create, new)
    response.headers["Location"] = f"/api/uploads/{upload.id}"
    response.headers[OFFSET_HEADER] = "0"
    return upload


@router.get("/{upload_id}", summary="How far has an upload come?", responses=problems(404))
async def read_upload(upload_id: UploadId, response: Response, store: UploadStoreDep) -> UploadPublic:
    """After a broken connection: send the bytes from `offset` on."""
    upload = await run_in_threadpool(store.read, upload_id)
    response.headers[OFFSET_HEADER] = str(upload.offset)
    return upload


@router.patch(
    "/{upload_id}",
    summary="Send a piece of a file",
    openapi_extra={"requestBody": PIECE_BODY},
    responses=problems(404, 409, 507),
)
async def append_upload(
    upload_id: UploadId,
    request: Request,
    response: Response,
    receiver: UploadReceiverDep,
    upload_offset: Annotated[int, Header(ge=0, le=2**53 - 1, description="How many bytes came before this piece.")],
) -> UploadPublic:
    """The body is bytes of the file. They are on the disk before this answers; after the last one `sha256` is there.

    409 where the upload is at another offset, which the header `Upload-Offset` of the answer says, or where a later
    request goes on with it. 413 where more comes than was announced.
    """
    upload = await receiver.append(upload_id, upload_offset, request)
    response.headers[OFFSET_HEADER] = str(upload.offset)
    return upload


@router.delete("/{upload_id}", status_code=204, summary="Forget an upload", responses=problems(404))
async def delete_upload(upload_id: UploadId, store: UploadStoreDep, receiver: UploadReceiverDep) -> None:
    """Also in the midst of it. A file that a data set was made of stays as long as that."""
    await receiver.stop(upload_id)
    await run_in_threadpool(store.delete, upload_id)
