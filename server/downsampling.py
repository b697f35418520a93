"""Curves with fewer points that look the same: peaks are kept, and so is every place where a curve is not finite."""

from typing import TYPE_CHECKING

import orjson

from server.storage.event_json import encode_numbers
from server.storage.metrics import Curve

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST_POINTS = 10


def encode_curves(curves: list[Curve], points: int) -> bytes:
    """The curves with at most about `points` points each, as the JSON of a list of `Series`."""
    return orjson.dumps([_encode_curve(curve, points) for curve in curves], option=orjson.OPT_SERIALIZE_NUMPY)


def select_points(x: "NDArray[np.int64]", y: "NDArray[np.float64]", points: int) -> "NDArray[np.intp]":
    """The indices of the points to keep, ascending; x and y have shape `(n,)`, x ascends.

    MinMaxLTTB chooses among the finite points, which is all that it can compare. Of each stretch that is not finite the
    ends stay, so that the curve breaks off and goes on where it did; at most half of the points are spent on them.
    """
    import numpy as np
    from tsdownsample import MinMaxLTTBDownsampler

    if len(y) <= points:
        return np.arange(len(y))
    finite = np.flatnonzero(np.isfinite(y))
    edges = _thin_out(_find_stretch_ends(y), points // 2)
    room = points - len(edges)
    if len(finite) > room:
        shown = MinMaxLTTBDownsampler().downsample(x[finite], y[finite], n_out=room)
        finite = finite[shown.astype(np.intp)]
    return np.asarray(np.union1d(finite, edges), dtype=np.intp)


def _find_stretch_ends(y: "NDArray[np.float64]") -> "NDArray[np.intp]":
    """The first and the last index of each stretch of NaN, of infinity, and of minus infinity."""
    import numpy as np

    kind = np.where(np.isfinite(y), 0, np.where(np.isnan(y), 1, np.where(y > 0, 2, 3)))
    changes = np.flatnonzero(np.diff(kind))
    ends = np.union1d(changes, changes + 1)
    ends = np.union1d(ends, [0, len(y) - 1])
    return np.asarray(ends[kind[ends] != 0], dtype=np.intp)


def _thin_out(indices: "NDArray[np.intp]", most: int) -> "NDArray[np.intp]":
    """At most `most` of the indices, evenly spread, the first and the last among them."""
    import numpy as np

    if len(indices) <= most:
        return indices
    places = np.unique(np.linspace(0, len(indices) - 1, most).round().astype(np.intp))
    return np.asarray(indices[places], dtype=np.intp)


def _encode_curve(curve: Curve, points: int) -> dict[str, object]:
    import numpy as np

    kept = select_points(curve.x, curve.y, points)
    y = curve.y[kept]
    shown = y if np.isfinite(y).all() else encode_numbers(y.tolist())
    return {"name": curve.name, "x": curve.x[kept], "y": shown, "total": len(curve.y)}
