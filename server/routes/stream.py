"""The one WebSocket: commands in, notifications out."""

import asyncio

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
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(client.send_news())
            tasks.create_task(_receive_commands(websocket, client))
    except* WebSocketDisconnect:
        pass
    finally:
        client.close()


async def _receive_commands(websocket: WebSocket, client: StreamClient) -> None:
    """Raises `WebSocketDisconnect` when the other side has gone."""
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1000))
        await client.obey(message.get("text") or message.get("bytes") or b"")
