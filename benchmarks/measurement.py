"""What was measured, against its budget, and the table of it."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

COLUMNS = ("what", "median", "p95", "budget", "within", "samples")


@dataclass(frozen=True)
class Measurement:
    """Samples of one quantity. `budget` holds for the statistic named by `judged_by`; None: measured for comparison.

    With `is_floor` the budget is the least that is wanted, otherwise the most.
    """

    name: str
    unit: str
    samples: Sequence[float] = field(repr=False)
    budget: float | None = None
    judged_by: str = "median"
    is_floor: bool = False

    @property
    def median(self) -> float:
        return statistics.median(self.samples)

    @property
    def p95(self) -> float:
        """The sample below which 95 % of all lie (linear interpolation, as in NumPy)."""
        if len(self.samples) == 1:
            return self.samples[0]
        return statistics.quantiles(self.samples, n=20, method="inclusive")[-1]

    @property
    def is_within(self) -> bool | None:
        """Whether the budget was kept; None where there is none."""
        if self.budget is None:
            return None
        value = self.p95 if self.judged_by == "p95" else self.median
        return value >= self.budget if self.is_floor else value <= self.budget

    def to_json(self) -> dict[str, object]:
        return {**asdict(self), "median": self.median, "p95": self.p95, "within": self.is_within}

    def to_row(self) -> tuple[str, ...]:
        sign = "≥" if self.is_floor else "≤"
        budget = "" if self.budget is None else f"{self.judged_by} {sign} {_format(self.budget)} {self.unit}"
        within = {True: "yes", False: "NO", None: ""}[self.is_within]
        values = (f"{_format(value)} {self.unit}" for value in (self.median, self.p95))
        return (self.name, *values, budget, within, str(len(self.samples)))


def _format(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def format_table(measurements: Sequence[Measurement]) -> str:
    """A Markdown table, aligned so that it reads well in a terminal too."""
    rows = [COLUMNS, *(measurement.to_row() for measurement in measurements)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
