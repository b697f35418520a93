"""Draws curves and sequences, for learning and for trying things out."""

import numpy as np

BLANK = 0
GO = 1
FIRST_SYMBOL = 2
"""In a sequence to copy, the symbols are numbered from here."""


def load_sine(samples: int = 1_000, periods: float = 1.0, noise: float = 0.1, seed: int = 0) -> dict[str, np.ndarray]:
    """Draw places along so many periods around 0, and the noisy sine of each."""
    random = np.random.default_rng(seed)
    places = random.uniform(-np.pi, np.pi, (samples, 1)) * periods
    values = np.sin(places[:, 0]) + random.normal(scale=noise, size=samples)
    return {"x": places.astype("float32"), "y": values.astype("float32")}


def load_sine_windows(
    samples: int = 1_000, window: int = 20, horizon: int = 1, period: float = 25.0, noise: float = 0.1, seed: int = 0
) -> dict[str, np.ndarray]:
    """Draw a noisy sine as a series in time; each window of it, and the value so many steps after its end."""
    random = np.random.default_rng(seed)
    steps = np.arange(samples + window + horizon - 1)
    series = np.sin(2 * np.pi * steps / period) + random.normal(scale=noise, size=len(steps))
    series = series.astype("float32")
    windows = np.lib.stride_tricks.sliding_window_view(series, window)[:samples]
    return {"window": np.ascontiguousarray(windows)[:, :, None], "next": series[window + horizon - 1 :].copy()}


def load_copy_sequence(
    samples: int = 5_000, length: int = 5, delay: int = 5, symbols: int = 8, seed: int = 0
) -> dict[str, np.ndarray]:
    """Draw sequences to copy from memory: symbols, blanks, a sign to go, and only then the symbols are wanted."""
    drawn = np.random.default_rng(seed).integers(symbols, size=(samples, length)) + FIRST_SYMBOL
    sequence = np.full((samples, length + delay + 1 + length), BLANK, "int32")
    copy = sequence.copy()
    sequence[:, :length] = drawn
    sequence[:, length + delay] = GO
    copy[:, -length:] = drawn
    return {"sequence": sequence, "copy": copy}
