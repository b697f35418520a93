"""TensorBoard's files: a sequence of events, each with the time at which it was written."""

import os
from collections.abc import Iterator
from pathlib import Path

import tensorflow as tf


def list_event_files(folder: Path) -> Iterator[Path]:
    """The event files in the folder and below."""
    return (path for path in folder.rglob("events.out.tfevents.*") if path.is_file())


def rewind_event_file(path: Path, until: float) -> None:
    """Takes out of the file what was written after a time, in seconds since 1970, and a torn end.

    A worker that was killed may have left half an event at the end of its file; readers stop there.
    """
    every = list(read_records(path))
    kept = [record for record in every if tf.compat.v1.Event.FromString(record).wall_time <= until]
    if sum(map(_measure, kept)) == path.stat().st_size:
        return
    fresh = path.with_name(f"{path.name}.part")
    with tf.io.TFRecordWriter(str(fresh)) as writer:
        for record in kept:
            writer.write(record)
    os.replace(fresh, path)


def read_records(path: Path) -> Iterator[bytes]:
    """The serialized events of a file, up to where it is torn."""
    try:
        for record in tf.data.TFRecordDataset(str(path)):
            yield record.numpy()
    except tf.errors.DataLossError:
        return


def _measure(record: bytes) -> int:
    """Bytes that a record takes in a file: its length with a checksum, itself, and a checksum."""
    return 8 + 4 + len(record) + 4
