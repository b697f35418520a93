"""Cuts a series in time into windows."""

from collections.abc import Sequence

import numpy as np


def make_windows(
    arrays: dict[str, np.ndarray],
    array: str,
    sequence_length: int,
    sequence_stride: int = 1,
    sampling_rate: int = 1,
    start_index: int | None = None,
    end_index: int | None = None,
    targets: str | None = None,
    columns: Sequence[int] | None = None,
    horizon: int = 1,
    target_length: int = 1,
    also: Sequence[str] = (),
    name: str | None = None,
) -> dict[str, np.ndarray]:
    """Cut arrays along time into windows, each with what comes after it. Nothing is copied.

    Windows are those of `keras.utils.timeseries_dataset_from_array`, and so are the arguments up to `end_index`. All
    other arrays keep their value at the last step of each window.

    Args:
        targets: String, optional. The array whose values after a window are to be predicted; by default the first
            target of the data set. It keeps its name, or gets `_ahead` after it where it is cut into windows too.
        columns: List of integers, optional. Which columns of `targets` are to be predicted; all by default.
        horizon: Integer, how many steps after the last one of a window the value lies. 0 is that step itself.
        target_length: Integer, how many values in a row are to be predicted. With 1 there is no axis for them.
        also: List of strings, optional. Other arrays that are cut into windows in the same way.
    """
    parts = {key: one[start_index:end_index] for key, one in arrays.items()}
    reach = (sequence_length - 1) * sampling_rate
    ahead = 0 if targets is None else horizon + target_length - 1
    count = len(parts[array]) - reach - ahead
    made = {key: one[reach : reach + count : sequence_stride] for key, one in parts.items()}
    for key in (array, *also):
        made[key] = slide(parts[key], reach + 1)[:count:sequence_stride, ::sampling_rate]
    if targets is not None:
        wanted = parts[targets] if columns is None else parts[targets][:, list(columns)]
        wanted = wanted[reach + horizon :]
        values = wanted if target_length == 1 else slide(wanted, target_length)
        made[f"{targets}_ahead" if targets in (array, *also) else targets] = values[:count:sequence_stride]
    return {(name or key) if key == array else key: one for key, one in made.items()}


def slide(series: np.ndarray, length: int) -> np.ndarray:
    """Show every window of that length, shape `(n, length, …)`, without a copy."""
    return np.moveaxis(np.lib.stride_tricks.sliding_window_view(series, length, axis=0), -1, 1)
