"""Curves: pieces of float64 numbers, appended as they come and read back in one query."""

import sys
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, insert, select

from engine.training.events import EpochEvent, Event, StepsEvent
from engine.training.fold_names import split_name
from server.storage.tables import metrics

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Axis = Literal["step", "epoch"]

_FOLD = 2**40
"""More than a fold has epochs."""


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
    """The run's curves in the order in which they first appeared, without the points of events up to `after`.

    What a run did again after it went on from a checkpoint takes the place of what it had done there and after that.
    """
    import numpy as np

    wanted = (
        select(metrics.c.name, metrics.c.seq, metrics.c.first, metrics.c.count, metrics.c["values"])
        .where(metrics.c.run_id == run_id, metrics.c.axis == axis, metrics.c.seq > after)
        .order_by(metrics.c.seq)
    )
    rows = connection.execute(wanted).all()
    if not rows:
        return []
    names, seqs, firsts, counts, blobs = zip(*rows, strict=True)
    folds = _number_folds(names) if axis == "epoch" else np.zeros(len(names), np.int64)
    pieces = _Pieces(np.array(seqs), np.array(firsts), np.array(counts), folds)
    kept = pieces.count_kept()
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(name, []).append(place)
    curves = [_join_pieces(name, pieces, kept, chosen, blobs) for name, chosen in places.items()]
    return [curve for curve in curves if len(curve.x)]


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Pieces in the order of their events, whatever their metric. Arrays have shape `(pieces,)`.

    `folds` is 0 where there are none, and on the axis of steps, which go on from fold to fold.
    """

    seqs: "NDArray[np.int64]"
    firsts: "NDArray[np.int64]"
    counts: "NDArray[np.int64]"
    folds: "NDArray[np.int64]"

    def count_kept(self) -> "NDArray[np.int64]":
        """How many points of each piece are left: those before the first point of every later event."""
        import numpy as np

        # Epochs begin anew with each fold: what comes later there is none of an earlier one's.
        places = self.firsts + self.folds * _FOLD
        lowest_from_here = np.minimum.accumulate(places[::-1])[::-1]
        next_event = np.searchsorted(self.seqs, self.seqs, side="right")
        unlimited = np.iinfo(np.int64).max
        limits = np.append(lowest_from_here, unlimited)[next_event]
        kept: NDArray[np.int64] = np.clip(limits - places, 0, self.counts)
        return kept


def _number_folds(names: Sequence[str]) -> "NDArray[np.int64]":
    import numpy as np

    numbers = {name: split_name(name)[0] or 0 for name in set(names)}
    return np.array([numbers[name] for name in names])


def _join_pieces(
    name: str, pieces: _Pieces, kept: "NDArray[np.int64]", chosen: list[int], blobs: Sequence[bytes]
) -> Curve:
    import numpy as np

    counts, lengths = pieces.counts[chosen], kept[chosen]
    offsets = pieces.firsts[chosen] - (np.cumsum(lengths) - lengths)
    x = np.arange(int(lengths.sum())) + np.repeat(offsets, lengths)
    y = np.frombuffer(b"".join([blobs[place] for place in chosen]), dtype="<f8")
    if lengths.sum() < len(y):
        within = np.arange(len(y)) - np.repeat(np.cumsum(counts) - counts, counts)
        y = y[within < np.repeat(lengths, counts)]
    return Curve(name, x, y)


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
