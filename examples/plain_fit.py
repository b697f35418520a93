"""`python -m examples.plain_fit FILE`: runs a training that was exported as Python, with plain `fit`, and times it."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class PlainFit:
    """`seconds` from reading the data to the last epoch, without importing Keras; `history` as `fit` gives it.

    `epoch_ends` are in seconds of any clock.
    """

    seconds: float
    epoch_ends: list[float]
    history: dict[str, list[float]]


def run_plain_fit(code: str) -> PlainFit:
    """Trains in a process of its own. Raises RuntimeError with what it printed where it fails."""
    with tempfile.TemporaryDirectory(prefix="layerloom-examples-") as folder:
        file = Path(folder) / "exported.py"
        file.write_text(code)
        command = [sys.executable, "-m", "examples.plain_fit", str(file)]
        environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"}
        finished = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        result = Path(f"{file}.json")
        if finished.returncode or not result.is_file():
            raise RuntimeError(f"Plain fit failed: {finished.stderr[-2000:]}")
        return PlainFit(**json.loads(result.read_text()))


def main(file: str) -> None:
    """Runs the file as a script would be, and writes what came of it beside it."""
    import keras

    keras.utils.disable_interactive_logging()
    ends: list[float] = []
    fit = keras.Model.fit

    def fit_with_clock(*arguments: object, callbacks: Sequence[object] = (), **settings: object) -> object:
        clock = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: ends.append(time.perf_counter()))
        return fit(*arguments, callbacks=[*callbacks, clock], **settings)

    keras.Model.fit = fit_with_clock
    scope: dict[str, object] = {"__name__": "__main__"}
    began = time.perf_counter()
    exec(compile(Path(file).read_text(), file, "exec"), scope)
    seconds = time.perf_counter() - began
    history = scope["history"]
    assert isinstance(history, keras.callbacks.History)
    numbers = {name: [float(value) for value in values] for name, values in history.history.items()}
    Path(f"{file}.json").write_text(json.dumps({"seconds": seconds, "epoch_ends": ends, "history": numbers}))


if __name__ == "__main__":
    main(sys.argv[1])
