"""The names of checkpoint files: when in the run they were written, and of which fold. Needs no Keras."""

import re
from pathlib import Path

_OF_FOLD = re.compile(r"fold-([1-9][0-9]{0,5})-epoch-.*")


def name_checkpoint(fold: int | None, epoch: int, step: int) -> str:
    """`epoch-0003-step-00000120.keras`, in a K-fold run with `fold-2-` before it."""
    return f"{'' if fold is None else f'fold-{fold}-'}epoch-{epoch:04d}-step-{step:08d}.keras"


def find_fold(path: Path) -> int | None:
    """The fold that a checkpoint is of, None where it is of a run without folds, or is no checkpoint."""
    found = _OF_FOLD.fullmatch(path.name)
    return None if found is None else int(found[1])
