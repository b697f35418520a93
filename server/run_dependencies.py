"""What the routes of runs and of the stream can ask for, as named types."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from server.dependencies import DatabaseDep
from server.jobs.broadcast import Broadcast
from server.jobs.command_board import CommandBoard
from server.jobs.control import RunControl
from server.jobs.executor import Executor
from server.jobs.ingest import EventIngest
from server.storage.checkpoints import CheckpointStore
from server.storage.runs import RunStore


def get_executor(connection: HTTPConnection) -> Executor:
    """Where runs train."""
    executor: Executor = connection.app.state.executor
    return executor


def get_control(connection: HTTPConnection) -> RunControl:
    """The way for what people ask of runs."""
    control: RunControl = connection.app.state.control
    return control


def get_board(connection: HTTPConnection) -> CommandBoard:
    """Where workers wait for commands."""
    board: CommandBoard = connection.app.state.board
    return board


def get_ingest(connection: HTTPConnection) -> EventIngest:
    """The way for events into the database."""
    ingest: EventIngest = connection.app.state.ingest
    return ingest


def get_broadcast(connection: HTTPConnection) -> Broadcast:
    """Who is to hear of what."""
    broadcast: Broadcast = connection.app.state.broadcast
    return broadcast


def get_run_store(database: DatabaseDep) -> RunStore:
    """The store of runs."""
    return RunStore(database)


def get_checkpoint_store(database: DatabaseDep) -> CheckpointStore:
    """The store of checkpoints."""
    return CheckpointStore(database)


ExecutorDep = Annotated[Executor, Depends(get_executor)]
ControlDep = Annotated[RunControl, Depends(get_control)]
BoardDep = Annotated[CommandBoard, Depends(get_board)]
IngestDep = Annotated[EventIngest, Depends(get_ingest)]
BroadcastDep = Annotated[Broadcast, Depends(get_broadcast)]
RunStoreDep = Annotated[RunStore, Depends(get_run_store)]
CheckpointStoreDep = Annotated[CheckpointStore, Depends(get_checkpoint_store)]
