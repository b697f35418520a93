"""Curves: pieces of float64 numbers, appended as they come and read back in one query."""

import sys
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, insert, select

from engine.training.events import EpochEvent, Event, StepsEvent
from server.storage.tables import metrics

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Axis = Literal["step", "epoch"]


@dataclass(frozen=True, slots=True)
class Curve:
    """All points of one metric: `x` are steps or epochs, `y` the values, both of shape `(points,)`."""

    name: str
    x: "NDArray[np.int64]"
    y: "NDArray[np.float64]"


def insert_pieces(connection: Connection, run_id: str, events: Sequence[Event]) -> None:
    """Stores the numbers of all steps and epoch events."""
    pieces = [piece for event in events for piece in _cut_pieces(run_id, event)]
    if pieces:
        connection.execute(insert(metrics), pieces)


def read_step_values(connection: Connection, run_id: str, first: int, last: int) -> dict[int, dict[str, list[float]]]:
    """The values of the steps events numbered `first` to `last`, by event number and metric."""
    wanted = select(metrics.c.seq, metrics.c.name, metrics.c["values"]).where(
        metrics.c.run_id == run_id, metrics.c.axis == "step", metrics.c.seq.between(first, last)
    )
    values: dict[int, dict[str, list[float]]] = {}
    for seq, name, blob in connection.execute(wanted):
        values.setdefault(seq, {})[name] = _unpack(blob)
    return values


def read_curves(connection: Connection, run_id: str, axis: Axis, after: int = 0) -> list[Curve]:
    """The run's curves in the order in which they first appeared, without the points of events up to `after`."""
    import numpy as np

    wanted = (
        select(metrics.c.name, metrics.c.first, metrics.c.count, metrics.c["values"])
        .where(metrics.c.run_id == run_id, metrics.c.axis == axis, metrics.c.seq > after)
        .order_by(metrics.c.seq)
    )
    pieces: dict[str, tuple[list[int], list[int], list[bytes]]] = {}
    for name, first, count, blob in connection.execute(wanted):
        firsts, counts, blobs = pieces.setdefault(name, ([], [], []))
        firsts.append(first)
        counts.append(count)
        blobs.append(blob)
    curves = []
    for name, (firsts, counts, blobs) in pieces.items():
        lengths = np.array(counts)
        offsets = np.array(firsts) - (np.cumsum(lengths) - lengths)
        x = np.arange(int(lengths.sum())) + np.repeat(offsets, lengths)
        curves.append(Curve(name, x, np.frombuffer(b"".join(blobs), dtype="<f8")))
    return curves


def _cut_pieces(run_id: str, event: Event) -> Iterator[dict[str, object]]:
    if isinstance(event, StepsEvent):
        for name, numbers in event.values.items():
            yield _make_piece(run_id, "step", event.seq, name, event.epoch, event.first_step, numbers)
    elif isinstance(event, EpochEvent):
        for name, number in event.logs.items():
            yield _make_piece(run_id, "epoch", event.seq, name, event.epoch, event.epoch, [number])


def _make_piece(
    run_id: str, axis: Axis, seq: int, name: str, epoch: int, first: int, numbers: list[float]
) -> dict[str, object]:
    return {
        "run_id": run_id,
        "axis": axis,
        "seq": seq,
        "name": name,
        "epoch": epoch,
        "first": first,
        "count": len(numbers),
        "values": _pack(numbers),
    }


def _pack(numbers: list[float]) -> bytes:
    packed = array("d", numbers)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def _unpack(blob: bytes) -> list[float]:
    packed = array("d", blob)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tolist()
