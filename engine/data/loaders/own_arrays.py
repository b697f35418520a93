"""Reads the arrays of a data set of one's own from its folder."""

from pathlib import Path

import numpy as np


def load_own_arrays(folder: str, names: list[str]) -> dict[str, np.ndarray]:
    """Map the arrays of a folder into memory: `0.npy` is the first of the names, `1.npy` the second."""
    paths = {name: Path(folder) / f"{number}.npy" for number, name in enumerate(names)}
    return {name: np.load(path, mmap_mode="r") for name, path in paths.items()}
