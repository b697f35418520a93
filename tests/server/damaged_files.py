"""HDF5 files with some bytes changed, always the same ones for the same seed."""

import random
from pathlib import Path

import h5py
import numpy as np

SEEDS = (3, 7, 10)
"""HDF5 refuses these, or reads them as something else."""

ENDLESS = 305
"""With this one HDF5 goes round in circles, in native code that holds Python up."""


def damage_hdf5(path: Path, seed: int) -> bytes:
    """The content of a file that is written at the path and then damaged."""
    with h5py.File(path, "w", libver=("earliest", "v108")) as file:
        file["x"] = np.arange(60, dtype="f4").reshape(20, 3)
        file.create_dataset("z", data=np.arange(60).reshape(20, 3) % 4, chunks=(5, 3), compression="gzip")
        file["y"] = np.arange(20) % 4
        file.create_dataset("names", data=["a", "b"] * 10, dtype=h5py.string_dtype())
        file["group/inner"] = np.zeros((20, 2))
        file["x"].attrs["unit"] = "cm"
    content = bytearray(path.read_bytes())
    _damage(content, seed)
    return bytes(content)


def _damage(content: bytearray, seed: int) -> None:
    """Changes some bytes that are not zero: most of those say where things are."""
    drawn = random.Random(seed)
    for _ in range(drawn.randint(1, 8)):
        tries = (drawn.randrange(len(content)) for _ in range(20))
        place = drawn.choice([one for one in tries if content[one]] or [0])
        content[place] ^= 1 << drawn.randrange(8) if drawn.random() < 0.5 else drawn.randrange(1, 256)
