"""Where a run's samples are best kept: on the device, or where they lie, to be read as they are needed."""

from dataclasses import dataclass

import psutil
import tensorflow as tf

from engine.training.events import PlanData
from engine.training.samples import Samples

MOST_ON_DEVICE = 4 * 2**30
SHARE_ON_DEVICE = 0.25
"""Samples that take no more than this of the free memory are copied to the device."""

MOST_FROM_FILES = 128 * 2**20
"""Of small samples in files, without a GPU: a copy in memory is hardly faster than the file, which may be larger."""

LARGE_SAMPLE = 4 * 2**10
"""Bytes from which a sample costs more to copy for each step than to learn from: of 40 kB each (film reviews as zeros
and ones) a stream made 171 steps a second, and the device 987."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where samples are kept; `reason` says in one sentence why they are streamed, None where they are not."""

    data: PlanData
    reason: str | None = None


def find_place(samples: Samples) -> Place:
    """The place for these samples on this machine."""
    size = samples.bytes
    is_small = size < LARGE_SAMPLE * samples.count
    if samples.are_mapped and is_small and size > MOST_FROM_FILES and not tf.config.list_physical_devices("GPU"):
        return Place(
            "stream",
            f"The samples take {_show(size)}. Of small samples in files no more than {_show(MOST_FROM_FILES)} are"
            " copied into memory; larger ones are read ahead of the training.",
        )
    free = psutil.virtual_memory().available
    room = min(MOST_ON_DEVICE, SHARE_ON_DEVICE * free)
    if size <= room:
        return Place("device")
    return Place(
        "stream",
        f"The samples take {_show(size)}, more than the {_show(room)} that they may take of the {_show(free)} of free"
        " memory; so they are read ahead of the training.",
    )


def _show(size: float) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:,.0f} MB"
