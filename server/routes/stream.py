"""The one WebSocket: commands in, notifications out."""

from anyio import create_task_group
from fastapi import APIRouter
from starlette.websockets import WebSocket, WebSocketDisconnect

from server.dependencies import DatabaseDep
from server.jobs.stream_client import StreamClient
from server.run_dependencies import BroadcastDep

router = APIRouter()


@router.websocket("/stream")
async def follow_stream(websocket: WebSocket, broadcast: BroadcastDep, database: DatabaseDep) -> None:
    """Serves one connection until either side ends it."""
    await websocket.accept()
    client = StreamClient(websocket.send_text, broadcast, database)
    try:
        async with create_task_group() as tasks:
            tasks.start_soon(client.send_news)
            await _receive_commands(websocket, client)
            tasks.cancel_scope.cancel()
    except* WebSocketDisconnect:
        # It went away while something was on its way to it.
        pass
    finally:
        client.close()


async def _receive_commands(websocket: WebSocket, client: StreamClient) -> None:
    """Returns when the other side has gone."""
    while (message := await websocket.receive())["type"] != "websocket.disconnect":
        await client.obey(message.get("text") or message.get("bytes") or b"")
